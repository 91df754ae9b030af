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

  /** In each of the namespaces. At once, where all is known. */
  mayWatch(account: string, { resource, namespaces }: WantedKind): boolean | Promise<boolean> {
    const rulings = [...namespaces].map((namespace) => this.#inNamespace(account, resource, namespace));
    if (rulings.includes(false)) return false;
    if (rulings.every((ruling) => ruling === true)) return true;
    return Promise.all(rulings).then((all) => !all.includes(false));
  }

  #inNamespace(account: string, resource: Resource, namespace: string): boolean | Promise<boolean> {
    const key = `${account} ${resource.group}/${resource.plural} ${namespace}`;
    const known = this.#rulings.get(key);
    if (known !== undefined && known.untilMs > this.#options.clock.elapsedMs()) return known.granted;
    const asking = this.#asking.get(key) ?? this.#ask(key, account, resource, namespace);
    this.#asking.set(key, asking);
    return asking;
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

/** A review counts only the groups that it names; whoever is impersonated is in these. */
function groupsOf(account: string): readonly string[] {
  const [, namespace = ''] = /^system:serviceaccount:([^:]+):/.exec(account) ?? [];
  return ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'];
}
