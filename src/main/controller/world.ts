import type { StageSet, StageSnapshot } from '../../shared/api/types.ts';
import type { Clock } from '../../shared/time/clock.ts';
import type { Verbs } from '../actions/verb.ts';
import type { Connection, Target } from '../apply/cluster.ts';
import type { Download } from '../build/artifacts.ts';
import type { Builds } from '../build/builds.ts';
import type { EventRecorder } from '../events/recorder.ts';
import type { Settings } from '../flags/table.ts';
import type { Inventory, InventoryStore } from '../inventory/inventory.ts';
import type { Lease } from '../kube/types.ts';
import type { AccessReviews } from '../live/access-reviews.ts';
import type { Judge } from '../live/awaited-objects.ts';
import type { OwnerLabels } from '../live/live-object.ts';
import type { ReferencedObjects } from '../live/referenced-objects.ts';
import type { Log } from '../log/log.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Hold } from '../outcome/hold.ts';
import type { ByteBudget } from '../pool/byte-budget.ts';
import type { Turn } from '../queue/turn.ts';
import type { RemoteClusters } from '../remote/remote-clusters.ts';
import type { ActionPins } from '../source/action-pins.ts';
import type { Pin } from '../source/pin.ts';
import type { Sources } from '../source/resolve.ts';
import type { StatusWriter } from '../status/writer.ts';
import type { RollbackStore } from '../store/rollback-store.ts';
import type { Memory } from './memory.ts';
import type { Transition } from './transition.ts';
import type { Admission } from './update-windows.ts';

/** Everything a run may touch, made once at start-up. */
export interface World {
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: Settings;
  readonly version: string;
  /** The cluster that this controller runs on. */
  readonly cluster: Connection;
  /** Whom the shared watches of this cluster may serve. */
  readonly reviews: AccessReviews;
  /** Those that kubeconfigs lead to. */
  readonly remotes: RemoteClusters;
  readonly sets: StageSetStore;
  readonly inventories: InventoryStore;
  readonly sources: Sources;
  readonly references: ReferencedObjects;
  readonly builds: Builds;
  readonly download: Download;
  readonly budget: ByteBudget;
  /** Undefined where the operator has set up none. */
  readonly store: RollbackStore | undefined;
  readonly judge: Judge;
  readonly verbs: Verbs;
  readonly events: EventRecorder;
  readonly metrics: Metrics;
  /** For which StageSets this process may write now. */
  readonly leadership: Leadership;
}

export interface Leadership {
  /** Undefined: it is another replica's, or nobody's. */
  leaseOf(key: string): Lease | undefined;
}

export interface StageSetStore {
  get(key: string): StageSet | undefined;
  put(set: StageSet): void;
  /** Whether a StageSet goes by these labels. */
  readonly isThere: (owner: OwnerLabels) => boolean;
}

/** One run of one StageSet. */
export interface Run {
  readonly key: string;
  /** As it was when the run began; only its metadata moves, by our own writes. */
  readonly set: StageSet;
  readonly world: World;
  readonly memory: Memory;
  readonly inventory: Inventory;
  readonly status: StatusWriter;
  /** Of its StageSet: everything that the run sends carries it. */
  readonly lease: Lease;
  readonly turn: Turn;
  readonly log: Log;
  /** By the calendar. */
  readonly startedMs: number;
  /** Aborts with `Superseded`, and so ends every wait, when something newer has come. */
  readonly superseded: AbortSignal;
  /** Aborts with `Superseded` when the StageSet is to go: that ends what nothing else that is newer does. */
  readonly deleted: AbortSignal;
  /** What the sources that only its actions name are pinned to. */
  readonly actionPins: ActionPins;
  /** What the sources hold, once it knows. */
  newest: readonly Pin[] | undefined;
  /** What the update windows say to that. */
  admission: Admission | undefined;
  hold: Hold | undefined;
  /** What it rolls out, once it knows: a newer revision that the windows let through supersedes it. */
  pins: readonly Pin[] | undefined;
  /** What is said of stages that update windows keep at a revision that their sources have no more. */
  readonly remarks: Map<string, string>;
  /** Whether something supersedes it is asked again at this time, should it be under way still. */
  readonly lookAgainAt: (wallMs: number) => void;
  /** Where it rolls that out, once it has got there. */
  target: Target | undefined;
  /** Whether stages or actions of it have changed what later ones may be built from. */
  hasWritten: boolean;
  /** To which version it leads, once it knows, where the spec has one. */
  transition: Transition | undefined;
  /** What it has rolled out, once all of it stands. */
  snapshot: readonly StageSnapshot[] | undefined;
}
