import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../../shared/time/clock.ts';
import type { Log } from '../../log/log.ts';
import { backoffMs } from '../../queue/backoff.ts';
import type { Certificate } from '../../servers/open-server.ts';
import type { Certificates } from './certificates.ts';
import { type Issued, issue } from './issue.ts';
import { NoConfiguration, type OwnConfiguration } from './own-configuration.ts';

export interface SelfSignedOptions {
  readonly configuration: Pick<OwnConfiguration, 'publish'>;
  /** `--webhook-cert-dir` */
  readonly folder: string;
  readonly dnsNames: readonly string[];
  readonly podUid: string;
  /** `--webhook-cert-validity` */
  readonly validityMs: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly serve: (certificate: Certificate) => void;
  readonly renewalFailed: () => void;
}

const CHECK_MS = 60_000;
/** API servers that share an etcd learn of a new authority one after another. */
const SPREAD_MS = 5_000;

/**
 * Signs for itself, and tells the API server whom to believe. A new certificate is served only once its authority has
 * been announced beside the old one, and the old one is taken back only then.
 */
export class SelfSigned implements Certificates {
  readonly #options: SelfSignedOptions;
  #served: Issued | undefined;
  /** Issued, but not served yet. */
  #next: Issued | undefined;
  #renewAtMs = 0;
  #missing: string | undefined = 'its own CA is not in the caBundle yet';
  #failures = 0;

  constructor(options: SelfSignedOptions) {
    this.#options = options;
  }

  get missing(): string | undefined {
    const expiresMs = this.#served?.expiresMs ?? Number.POSITIVE_INFINITY;
    return expiresMs > this.#options.clock.wallMs() ? this.#missing : 'its certificate has expired';
  }

  async keep(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      await this.#options.clock.sleep(await this.#round(stop), stop).catch(() => {});
    }
  }

  /** How long to rest before the next. */
  async #round(stop: AbortSignal): Promise<number> {
    const { clock, log, renewalFailed } = this.#options;
    try {
      const served = await this.#renewWhenDue(stop);
      if (!(await this.#publish(served, undefined, stop))) this.#renewAtMs = clock.wallMs(); // as the newest it gets in
      this.#failures = 0;
      return Math.max(0, Math.min(CHECK_MS, this.#renewAtMs - clock.wallMs()));
    } catch (error) {
      if (stop.aborted) return 0;
      if (error instanceof NoConfiguration) this.#missing = error.message;
      this.#failures += 1;
      renewalFailed();
      log.error('webhook certificate: not renewed or not announced', { error });
      return backoffMs(this.#failures, CHECK_MS);
    }
  }

  async #renewWhenDue(stop: AbortSignal): Promise<Issued> {
    const { clock, validityMs, log, serve } = this.#options;
    if (this.#served !== undefined && clock.wallMs() < this.#renewAtMs) return this.#served;
    const { dnsNames, podUid } = this.#options;
    const nowMs = clock.wallMs();
    if (this.#next === undefined || this.#next.expiresMs - nowMs < validityMs / 2) {
      this.#next = await issue({ dnsNames, podUid, nowMs, validityMs });
    }
    const next = this.#next;
    if (this.#served !== undefined) {
      await this.#publish(next, this.#served, stop);
      await clock.sleep(Math.min(SPREAD_MS, validityMs / 10), stop);
    }
    await writeAll(this.#options.folder, next);
    serve(next);
    this.#served = next;
    this.#next = undefined;
    this.#renewAtMs = nowMs + validityMs / 3;
    log.info('webhook certificate issued', { expires: new Date(next.expiresMs).toISOString() });
    return next;
  }

  async #publish(own: Issued, other: Issued | undefined, stop: AbortSignal): Promise<boolean> {
    const isIn = await this.#options.configuration.publish({ ca: own.ca, other: other?.ca }, stop);
    this.#missing = isIn ? undefined : 'its own CA has been displaced from the caBundle by newer ones';
    return isIn;
  }
}

/** For whoever looks in there; each file is whole at any time. */
async function writeAll(folder: string, { cert, key, ca }: Issued): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const files = { 'ca.crt': ca, 'tls.crt': cert, 'tls.key': key };
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    await writeFile(`${path}.new`, content, { mode: 0o600 });
    await rename(`${path}.new`, path);
  }
}
