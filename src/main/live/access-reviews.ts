import type { Clock } from '../../shared/time/clock.ts';
import { isAllowed } from '../kube/access-review.ts';
import { KubeError } from '../kube/errors.ts';
import type { ClusterClient, Resource } from '../kube/types.ts';
import type { WantedKind } from './live-objects.ts';

/** How long a right that was taken away may still show what a watch brings: prints and readiness of one's own objects. */
const GRANTED_FOR_MS = 30 * 60_000;
/** How long one that was given still costs a list a run. */
const REFUSED_FOR_MS = 60_000;
/** Beyond so many, what has lapsed is thrown out. */
const TIDY_AT = 10_000;

interface Ruling {
  readonly granted: boolean;
  readonly untilMs: number;
}

export interface AccessReviewsOptions {
  readonly client: ClusterClient;
  readonly clock: Clock;
  /** `local`: asked in the namespace itself, which a Role there allows. */
  readonly asked: 'clusterwide' | 'local';
  /** The controller may not ask: nobody is served by its watches then. */
  readonly onForbidden: (error: KubeError) => void;
}

/** Whether an account may list and watch what the controller's own watches bring, remembered for a while. */
export class AccessReviews {
  readonly #options: AccessReviewsOptions;
  readonly #rulings = new Map<string, Ruling>();
  readonly #asking = new Map<string, Promise<boolean>>();

  constructor(options: AccessReviewsOptions) {
    this.#options = options;
  }

  /** As `mayWatch`, without asking: undefined where that would have to ask. */
  known(account: string, { resource, namespaces }: WantedKind): boolean | undefined {
    const rulings = [...namespaces].map((namespace) => this.#ruling(keyOf(account, resource, namespace)));
    if (rulings.includes(false)) return false;
    return rulings.includes(undefined) ? undefined : true;
  }

  /** In each of the namespaces. */
  async mayWatch(account: string, kind: WantedKind): Promise<boolean> {
    const known = this.known(account, kind);
    if (known !== undefined) return known;
    const { resource, namespaces } = kind;
    const rulings = [...namespaces].map((namespace) => this.#inNamespace(account, resource, namespace));
    return !(await Promise.all(rulings)).includes(false);
  }

  #ruling(key: string): boolean | undefined {
    const known = this.#rulings.get(key);
    return known !== undefined && known.untilMs > this.#options.clock.elapsedMs() ? known.granted : undefined;
  }

  async #inNamespace(account: string, resource: Resource, namespace: string): Promise<boolean> {
    const key = keyOf(account, resource, namespace);
    const known = this.#ruling(key);
    if (known !== undefined) return known;
    const asking = this.#asking.get(key) ?? this.#ask(key, account, resource, namespace);
    this.#asking.set(key, asking);
    return await asking;
  }

  async #ask(key: string, account: string, resource: Resource, namespace: string): Promise<boolean> {
    try {
      const may = (verb: string) => this.#review(account, resource, namespace, verb);
      const granted = (await may('list')) && (await may('watch'));
      this.#remember(key, granted);
      return granted;
    } catch (error) {
      if (!(error instanceof KubeError) || error.status !== 403) throw error;
      this.#options.onForbidden(error);
      this.#remember(key, false);
      return false;
    } finally {
      this.#asking.delete(key);
    }
  }

  #remember(key: string, granted: boolean): void {
    const nowMs = this.#options.clock.elapsedMs();
    if (this.#rulings.size >= TIDY_AT) {
      for (const [each, { untilMs }] of this.#rulings) if (untilMs <= nowMs) this.#rulings.delete(each);
    }
    this.#rulings.set(key, { granted, untilMs: nowMs + (granted ? GRANTED_FOR_MS : REFUSED_FOR_MS) });
  }

  #review(account: string, { group, plural }: Resource, namespace: string, verb: string): Promise<boolean> {
    return isAllowed(this.#options.client, {
      kind: this.#options.asked === 'local' ? 'LocalSubjectAccessReview' : 'SubjectAccessReview',
      resourceAttributes: { verb, group, resource: plural, namespace },
      subject: { user: account, groups: groupsOf(account) },
    });
  }
}

function keyOf(account: string, { group, plural }: Resource, namespace: string): string {
  return `${account} ${group}/${plural} ${namespace}`;
}

/** A review counts only the groups that it names; whoever is impersonated is in these. */
function groupsOf(account: string): readonly string[] {
  const [, namespace = ''] = /^system:serviceaccount:([^:]+):/.exec(account) ?? [];
  return ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'];
}
