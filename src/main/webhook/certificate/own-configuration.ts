import type { KubeObject } from '../../../shared/objects/object.ts';
import type { Clock } from '../../../shared/time/clock.ts';
import { isConflict, isForbidden, isNotFound } from '../../kube/errors.ts';
import { getObject, replaceObject } from '../../kube/requests.ts';
import { type ClusterClient, type Resource, unleased } from '../../kube/types.ts';
import { holds, isSameSet, type Own, withOwn } from './ca-bundle.ts';

interface Configuration extends KubeObject {
  readonly webhooks?: readonly { readonly clientConfig: { readonly caBundle?: string } }[];
}

const resource: Resource = {
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'ValidatingWebhookConfiguration',
  plural: 'validatingwebhookconfigurations',
  namespaced: false,
  verbs: ['get', 'update'],
};

const TRIES = 8;
const PATIENCE_MS = 10_000;

export interface ConfigurationOptions {
  readonly client: ClusterClient;
  /** `--webhook-validating-config-name` */
  readonly name: string;
  readonly limit: number;
  readonly clock: Clock;
  readonly random: () => number;
}

/** The ValidatingWebhookConfiguration that leads the API server to this webhook. */
export class OwnConfiguration {
  readonly #options: ConfigurationOptions;

  constructor(options: ConfigurationOptions) {
    this.#options = options;
  }

  /** Sees to it that each `caBundle` holds what is ours. False where others are newer and as many as it takes. */
  async publish(own: Own, signal: AbortSignal): Promise<boolean> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.#publishOnce(own, signal);
      } catch (error) {
        if (!isConflict(error) || tries === TRIES) throw this.#explained(error);
        // Each of several replicas that start together gets through, one a round at least.
        await this.#options.clock.sleep(tries * 100 * this.#options.random(), signal);
      }
    }
  }

  async #publishOnce(own: Own, signal: AbortSignal): Promise<boolean> {
    const { client, name, limit, clock } = this.#options;
    const target = { resource, namespace: undefined, name, timeoutMs: PATIENCE_MS };
    const configuration = await getObject<Configuration>(client, { ...target, signal });
    const { webhooks = [] } = configuration;
    if (webhooks.length === 0) throw new Error(`ValidatingWebhookConfiguration "${name}" has no webhooks`);
    const bundles = webhooks.map(({ clientConfig: { caBundle = '' } }) => Buffer.from(caBundle, 'base64').toString());
    const wanted = bundles.map((bundle) => withOwn(bundle, own, { nowMs: clock.wallMs(), limit }));
    if (!bundles.every((bundle, i) => isSameSet(bundle, wanted[i] ?? ''))) {
      const changed = webhooks.map((webhook, i) => ({
        ...webhook,
        clientConfig: { ...webhook.clientConfig, caBundle: Buffer.from(wanted[i] ?? '').toString('base64') },
      }));
      // With the resourceVersion that was read: of two replicas that write at once, one reads again.
      const body = JSON.stringify({ ...configuration, webhooks: changed });
      await replaceObject(client, { ...target, body, lease: unleased });
    }
    return wanted.every((bundle) => holds(bundle, own.ca));
  }

  #explained(error: unknown): unknown {
    const { name } = this.#options;
    if (isNotFound(error)) {
      const message = `--webhook-validating-config-name: there is no ValidatingWebhookConfiguration "${name}"`;
      return new NoConfiguration(message, { cause: error });
    }
    if (isForbidden(error)) {
      const message = `grant get and update of the ValidatingWebhookConfiguration "${name}": ${error.message}`;
      return new Error(message, { cause: error });
    }
    return error;
  }
}

/** So nothing of ours can be in it. */
export class NoConfiguration extends Error {}
