import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../../shared/time/clock.ts';
import type { Log } from '../../log/log.ts';
import type { Certificate } from '../../servers/open-server.ts';
import type { Certificates } from './certificates.ts';

export interface MountedOptions {
  /** `--webhook-cert-dir` */
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly serve: (certificate: Certificate) => void;
}

interface Pair {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** Looked at, not watched: the swap of a mounted Secret's links escapes watches, and two small files cost nothing. */
const LOOK_MS = 5_000;

/** What somebody else, cert-manager as a rule, puts into the folder, renewed whenever it changes. */
export class Mounted implements Certificates {
  readonly #options: MountedOptions;
  #served: Pair | undefined;
  #expiresMs = 0;
  #problem: string | undefined;

  constructor(options: MountedOptions) {
    this.#options = options;
  }

  get missing(): string | undefined {
    if (this.#served === undefined) return this.#problem ?? 'no certificate has been read yet';
    return this.#expiresMs > this.#options.clock.wallMs() ? undefined : 'the certificate has expired';
  }

  async keep(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      await this.#look();
      await this.#options.clock.sleep(LOOK_MS, stop).catch(() => {});
    }
  }

  async #look(): Promise<void> {
    try {
      const pair = await this.#read();
      if (this.#served !== undefined && isSame(pair, this.#served)) return;
      const leaf = leafOf(pair);
      this.#options.serve(pair);
      this.#served = pair;
      this.#expiresMs = leaf.validToDate.getTime();
      this.#problem = undefined;
      this.#options.log.info('webhook certificate taken', { expires: leaf.validToDate.toISOString() });
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      if (problem !== this.#problem) this.#options.log.warn('webhook certificate: none to take', { error });
      this.#problem = problem;
    }
  }

  async #read(): Promise<Pair> {
    const { folder } = this.#options;
    // One after the other: where both are missing, the same one is named each time, and told once.
    const cert = await readFile(join(folder, 'tls.crt'));
    return { cert, key: await readFile(join(folder, 'tls.key')) };
  }
}

/** Throws where the two are no pair: one of them is about to be replaced, or is being written. */
function leafOf({ cert, key }: Pair): X509Certificate {
  const leaf = parsed('tls.crt is no certificate', () => new X509Certificate(cert));
  const privateKey = parsed('tls.key is no private key', () => createPrivateKey(key));
  if (!leaf.checkPrivateKey(privateKey)) throw new Error('tls.crt and tls.key do not belong together');
  return leaf;
}

function parsed<T>(otherwise: string, parse: () => T): T {
  try {
    return parse();
  } catch (cause) {
    throw new Error(otherwise, { cause });
  }
}

function isSame(one: Pair, another: Pair): boolean {
  return one.cert.equals(another.cert) && one.key.equals(another.key);
}
