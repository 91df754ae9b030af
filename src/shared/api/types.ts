import type { ObjectMeta } from '../objects/object.ts';
import type { API_VERSION } from './group.ts';
import type { action, verbs } from './schema/action.ts';
import type { conflictPolicy } from './schema/conflicts.ts';
import type { stageInventorySpec } from './schema/inventory.ts';
import type { Static } from './schema/language.ts';
import type { readyChecks } from './schema/ready-checks.ts';
import type { objectTarget, sourceRef } from './schema/references.ts';
import type { stage } from './schema/stage.ts';
import type { stageSetSpec } from './schema/stage-set.ts';
import type { stageSetStatus } from './schema/status.ts';

export interface StageSet {
  readonly apiVersion: typeof API_VERSION;
  readonly kind: 'StageSet';
  readonly metadata: ObjectMeta;
  readonly spec: StageSetSpec;
  readonly status?: StageSetStatus;
}

export type StageSetSpec = Static<typeof stageSetSpec>;
export type Dependency = NonNullable<StageSetSpec['dependsOn']>[number];
export type KubeConfigRef = NonNullable<StageSetSpec['kubeConfig']>;
export type Decryption = NonNullable<StageSetSpec['decryption']>;
export type VersionSource = NonNullable<StageSetSpec['version']>;
export type Migration = NonNullable<StageSetSpec['migrations']>[number];
export type UpdateWindow = NonNullable<StageSetSpec['updateWindows']>[number];
export type WindowScope = NonNullable<StageSetSpec['windowScope']>;

export type Stage = Static<typeof stage>;
export type SourceRef = Static<typeof sourceRef>;
export type StagePatch = NonNullable<Stage['patches']>[number];
export type PostBuild = NonNullable<Stage['postBuild']>;
export type SubstituteFrom = NonNullable<PostBuild['substituteFrom']>[number];
export type ConflictPolicy = Static<typeof conflictPolicy>;
export type ConflictRule = NonNullable<ConflictPolicy['rules']>[number];
export type ConflictAction = ConflictRule['action'];
export type ReadyChecks = Static<typeof readyChecks>;
export type HealthExpr = NonNullable<ReadyChecks['exprs']>[number];
export type StageActions = NonNullable<Stage['actions']>;
export type Hook = keyof StageActions;

export type Action = Static<typeof action>;
export type Verb = keyof typeof verbs;
export type PatchAction = Static<typeof verbs.patch>;
export type HttpAction = Static<typeof verbs.http>;
export type WaitAction = Static<typeof verbs.wait>;
export type JobAction = Static<typeof verbs.job>;
export type DeleteAction = Static<typeof verbs.delete>;
export type ApplyAction = Static<typeof verbs.apply>;
export type ObjectTarget = Static<ReturnType<typeof objectTarget>>;

export type StageSetStatus = Static<typeof stageSetStatus>;
export type Condition = NonNullable<StageSetStatus['conditions']>[number];
export type StageStatus = NonNullable<StageSetStatus['stages']>[number];
export type StagePhase = NonNullable<StageStatus['phase']>;
export type StageSnapshot = NonNullable<StageSetStatus['lastAppliedSnapshot']>[number];
export type PendingUpdate = NonNullable<StageSetStatus['pendingUpdate']>;
export type RunOutcome = NonNullable<StageSetStatus['history']>[number];
export type InventoryMode = NonNullable<StageSetStatus['inventoryMode']>;

export interface StageInventory {
  readonly apiVersion: typeof API_VERSION;
  readonly kind: 'StageInventory';
  readonly metadata: ObjectMeta;
  readonly spec: StageInventorySpec;
}

export type StageInventorySpec = Static<typeof stageInventorySpec>;
export type InventoryEntry = StageInventorySpec['entries'][number];
export type InventoryTarget = NonNullable<StageInventorySpec['target']>;
