import { type AllowedHost, permissionFor } from '../../outbound/allowed-hosts.ts';
import { OutboundClient } from '../../outbound/client.ts';
import type { Resolve } from '../../outbound/guarded-connect.ts';

export interface ActionClientsOptions {
  /** As --allowed-action-hosts says. */
  readonly allowed: readonly AllowedHost[];
  readonly resolve?: Resolve;
}

/** The ways out that http actions have: one for all hosts, and more where the operator has spelled out ones of our own. */
export class ActionClients {
  readonly #options: ActionClientsOptions;
  readonly #clients = new Map<string, OutboundClient>();

  constructor(options: ActionClientsOptions) {
    this.#options = options;
  }

  /** Undefined: the host is not allowed. */
  clientFor(url: URL): OutboundClient | undefined {
    const { allowed, resolve } = this.#options;
    const policy = permissionFor(url, allowed);
    if (policy === undefined) return undefined;
    const key = JSON.stringify(policy);
    const client =
      this.#clients.get(key) ??
      new OutboundClient(policy, { keepAlive: false, ...(resolve === undefined ? {} : { resolve }) });
    this.#clients.set(key, client);
    return client;
  }

  async close(): Promise<void> {
    await Promise.all(this.#clients.values().map((client) => client.close()));
  }
}
