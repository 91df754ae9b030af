import type { Action, SourceRef, Verb as VerbName } from '../../shared/api/types.ts';
import type { ObjectMeta } from '../../shared/objects/object.ts';
import type { ObjectId } from '../../shared/objects/object-id.ts';
import type { JobStamp, PlanSummary } from '../../shared/protocol/tasks.ts';
import type { Clock } from '../../shared/time/clock.ts';
import type { Target } from '../apply/cluster.ts';
import type { ReadData } from '../build/build-inputs.ts';
import type { HeldBodies, Park } from '../build/builds.ts';
import type { Resource } from '../kube/types.ts';
import type { Log } from '../log/log.ts';

/** Of what actions write. */
export const ACTION_FIELD_MANAGER = 'stageset-controller-action';

/**
 * One try of one action. It can be cut anywhere, by a crash as well, and is begun again then: every verb bears being
 * begun twice.
 */
export interface Attempt {
  readonly action: Action;
  /**
   * Names this action of this rollout in its StageSet: the same on every try, another one after a new revision or a
   * `reconcile-stage` token. Holds no secret and may be shown.
   */
  readonly key: string;
  /** UID of the StageSet. */
  readonly owner: string;
  /** Of the StageSet: where its Secrets and, where they say nothing else, its sources are. */
  readonly namespace: string;
  /** Secrets of that namespace, on the management cluster, as the StageSet's account. */
  readonly readData: ReadData;
  /** Where its objects are, and as whom. */
  readonly target: Target;
  readonly clock: Clock;
  readonly log: Log;
  /** When this try began, as `clock.elapsedMs` has it: in an earlier run, where that was superseded meanwhile. */
  readonly beganMs: number;
  /** Aborts with Superseded, or with ActionTimedOut: ends whatever is waited for. A request that was sent is let finish. */
  readonly signal: AbortSignal;
  /** Gives the slot back meanwhile: for whatever takes longer than one request to the API server. */
  readonly park: Park;
  /** Whether the server's words about this object may quote a secret: see apply/refusal.ts. */
  readonly isSensitive: (id: ObjectId) => boolean;
  /**
   * To be called before an object is written to, and what that gives once it has been, with what is left of the object;
   * undefined: it is gone. A stage of this StageSet may have applied it.
   */
  readonly beforeWrite: (resource: Resource, id: ObjectId) => (left: ObjectMeta | undefined) => Promise<void>;
  /** Digest of what a stage has applied, where it still stands so and an action's change to it is to stay. */
  readonly standsAs: (id: ObjectId) => string | undefined;
}

/** A try of an action that puts up what a source of its own holds. */
export interface RenderingAttempt extends Attempt {
  readonly render: Render;
  /**
   * Aborts with ActionTimedOut, or with Superseded where the StageSet is being deleted: what a newer revision or spec
   * lets finish ends with this. Never later than its lease.
   */
  readonly utmost: AbortSignal;
  /** Done once the action is in the ledger; what goes wrong in it fails nothing. */
  readonly onceRecorded: (work: () => Promise<void>) => void;
}

/** Through the same pipeline as the stage. The source stays at one revision for the whole run. */
export type Render = (source: ActionSource, jobs?: JobStamp) => Promise<Rendered>;

export interface ActionSource {
  readonly sourceRef: SourceRef;
  readonly path?: string;
}

/** Until it is disposed of, a newer revision of its source supersedes the run. */
export interface Rendered extends Disposable {
  readonly plan: PlanSummary;
  /** To be disposed of before anything is waited for. */
  readonly bodies: () => Promise<HeldBodies>;
}

/** Resolves when it has taken effect. What it rejects with is shown to users: see ActionFailed. */
export type Verb<Fields, Of extends Attempt = Attempt> = (fields: Fields, attempt: Of) => Promise<void>;

/** What is asked of each verb. */
export type Verbs = { readonly [Name in VerbName]: Verb<NonNullable<Action[Name]>, RenderingAttempt> };

/** Its message says what went wrong and is shown as it is: no secret value, nothing of another namespace. */
export class ActionFailed extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ActionFailed';
  }
}

export class ActionTimedOut extends Error {
  readonly timeUp = true;

  constructor(timeout: string) {
    super(`not done within ${timeout}`);
    this.name = 'ActionTimedOut';
  }
}
