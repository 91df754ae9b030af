import type { StageSet } from '../../shared/api/types.ts';
import { keys } from '../../shared/labels.ts';
import type { Clock } from '../../shared/time/clock.ts';
import { isNotFound } from '../kube/errors.ts';
import { stageSetResource } from '../kube/own-kinds.ts';
import { patchObject } from '../kube/requests.ts';
import { type ClusterClient, unleased } from '../kube/types.ts';
import { isInScope, type WatchScope } from '../kube/watch-scope.ts';
import type { Log } from '../log/log.ts';
import type { Bearer, Callers } from './callers.ts';
import { mayPatch } from './may-patch.ts';
import { Refused } from './refused.ts';
import type { Target } from './schemas.ts';

/** In managedFields: who looks for what suspended a StageSet finds it. */
const FIELD_MANAGER = 'stageset-controller-mcp';
const TIMEOUT_MS = 10_000;

export interface ChangesOptions {
  readonly client: ClusterClient;
  readonly scope: WatchScope;
  readonly clock: Clock;
  readonly log: Log;
  /** Undefined: whoever reaches the server may (`--mcp-auth=none`). */
  readonly callers: Callers | undefined;
  readonly get: (target: Target) => StageSet | undefined;
  /** What the server has answered, which the watch has yet to tell. */
  readonly put: (set: StageSet) => void;
}

/**
 * What agents may change, each time after a look at who asks. The controller sends the patch, but only one that this user could
 * have sent. It is a user's wish and no step of a rollout, so any replica takes it.
 */
export class Changes {
  readonly #options: ChangesOptions;

  constructor(options: ChangesOptions) {
    this.#options = options;
  }

  /** Returns the token by which status tells that the run has ended. */
  async requestReconcile(target: Target, bearer: Bearer | undefined): Promise<string> {
    const user = await this.#admit(target, bearer);
    if (this.#options.get(target)?.spec.suspend === true) {
      throw new Refused(`StageSet ${target.namespace}/${target.name} is suspended: resume it first`);
    }
    const token = new Date(this.#options.clock.wallMs()).toISOString();
    await this.#patch(target, { metadata: { annotations: { [keys.requestedAt]: token } } });
    this.#tell('reconcile requested over MCP', target, user);
    return token;
  }

  async setSuspended(target: Target, suspend: boolean, bearer: Bearer | undefined): Promise<void> {
    const user = await this.#admit(target, bearer);
    await this.#patch(target, { spec: { suspend } });
    this.#tell(suspend ? 'suspended over MCP' : 'resumed over MCP', target, user);
  }

  /** The name of who asks, where one is asked for. */
  async #admit(target: Target, bearer: Bearer | undefined): Promise<string | undefined> {
    const { callers, scope } = this.#options;
    if (!isInScope(scope, target.namespace)) throw notWatched(target.namespace);
    if (callers === undefined) return undefined;
    if (bearer === undefined) {
      throw new Refused('changes want the header "Authorization: Bearer TOKEN" with a token that this cluster knows');
    }
    const user = await callers.whoHas(bearer);
    if (user === undefined) throw new Refused('this cluster does not know the bearer token, or it has run out');
    if (await mayPatch(user, target, this.#options)) return user.username;
    throw new Refused(
      `${user.username} may not patch StageSet ${target.namespace}/${target.name}: a Role has to grant patch of stagesets.stages.metio.wtf`,
    );
  }

  async #patch(target: Target, patch: object): Promise<void> {
    const { client, put } = this.#options;
    const manner = { fieldManager: FIELD_MANAGER, lease: unleased, timeoutMs: TIMEOUT_MS };
    try {
      const { body } = await patchObject<StageSet>(client, { resource: stageSetResource, ...target, patch, ...manner });
      put(body);
    } catch (error) {
      if (isNotFound(error)) throw notThere(target);
      throw error;
    }
  }

  #tell(what: string, { namespace, name }: Target, user: string | undefined): void {
    this.#options.log.info(what, { stageset: `${namespace}/${name}`, user });
  }
}

export function notThere({ namespace, name }: Target): Refused {
  return new Refused(`there is no StageSet ${namespace}/${name}`);
}

export function notWatched(namespace: string): Refused {
  return new Refused(`this controller does not watch namespace "${namespace}" (--watch-namespaces)`);
}
