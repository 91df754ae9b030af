import type { Clock } from '../../shared/time/clock.ts';
import { isAllowed } from '../kube/access-review.ts';
import type { ClusterClient } from '../kube/types.ts';
import { isInScope, type WatchScope } from '../kube/watch-scope.ts';

const KNOWN_FOR_MS = 10 * 60_000;
/** Somebody waits for the answer to kubectl apply. */
const PATIENCE_MS = 1_000;

export interface OwnRightsOptions {
  readonly client: ClusterClient;
  readonly scope: WatchScope;
  readonly clock: Clock;
}

/** Whether the controller itself may apply whatever a StageSet brings: not so in a multi-tenant installation. */
export class OwnRights {
  readonly #options: OwnRightsOptions;
  readonly #known = new Map<string, { readonly may: boolean; readonly untilMs: number }>();

  constructor(options: OwnRightsOptions) {
    this.#options = options;
  }

  /** Undefined where that is not known, or not this controller's business. */
  async mayApplyIn(namespace: string): Promise<boolean | undefined> {
    const { scope, clock } = this.#options;
    if (!isInScope(scope, namespace)) return undefined;
    const where = scope.length === 0 ? '' : namespace;
    const known = this.#known.get(where);
    if (known !== undefined && known.untilMs > clock.elapsedMs()) return known.may;
    try {
      const may = await this.#ask(where);
      this.#known.set(where, { may, untilMs: clock.elapsedMs() + KNOWN_FOR_MS });
      return may;
    } catch {
      return undefined; // it decides about a warning only
    }
  }

  #ask(namespace: string): Promise<boolean> {
    return isAllowed(this.#options.client, {
      kind: 'SelfSubjectAccessReview',
      resourceAttributes: { verb: 'patch', group: '*', resource: '*', namespace },
      timeoutMs: PATIENCE_MS,
    });
  }
}
