import type { HealthExprs } from '../kstatus/by-exprs.ts';
import type { Readiness } from '../kstatus/readiness.ts';
import type { SecretIn } from '../objects/mask.ts';
import type { KubeObject } from '../objects/object.ts';
import type { ObjectId } from '../objects/object-id.ts';
import type { Unwrapped, WantedKeys } from '../sops/unwrapped.ts';

/**
 * What crosses between the main thread and a worker: each task's name, its input and its output.
 * Bulk bytes cross as transferred ArrayBuffers, or lie in a SharedArrayBuffer that several tasks read.
 */
export interface Tasks {
  readonly unpack: { readonly input: UnpackInput; readonly output: UnpackedArtifact };
  readonly build: { readonly input: BuildInput; readonly output: BuildAnswer };
  readonly judge: { readonly input: JudgeInput; readonly output: Judged };
}

export type TaskName = keyof Tasks;

/** Set to 1 by the main thread to cancel: tasks look at it between steps. */
export type CancelFlag = Int32Array<SharedArrayBuffer>;

export interface TaskRequest<N extends TaskName> {
  readonly name: N;
  readonly input: Tasks[N]['input'];
  readonly flag: CancelFlag;
}

/** A task answers with its output or with why not; nothing is thrown across threads. */
export type TaskAnswer<N extends TaskName> =
  | { readonly ok: true; readonly output: Tasks[N]['output'] }
  | { readonly ok: false; readonly failure: TaskFailure };

export interface TaskFailure {
  readonly code: TaskFailureCode;
  /** Fit for a status message: names the file or object, holds nothing secret. */
  readonly message: string;
}

export type TaskFailureCode =
  | 'digestMismatch'
  | 'badArchive'
  | 'limitExceeded'
  | 'pathEscape'
  | 'missingPath'
  | 'badManifest'
  | 'duplicateObject'
  | 'unsupported'
  /** The Secret with the decryption keys is not what it should be. */
  | 'badKeys'
  | 'cancelled'
  /** The thread is gone (out of memory, say): worth another try. */
  | 'workerDied'
  /** Something that no rule foresaw: a bug of ours. */
  | 'internal';

export interface UnpackInput {
  /** The bytes as downloaded; transferred, so the caller's copy is gone. */
  readonly archive: ArrayBuffer;
  /** `sha256:<hex>` or `sha512:<hex>`: checked before one byte is parsed. */
  readonly digest: string;
}

/** An artifact's files, readable by any number of build tasks at once. */
export interface UnpackedArtifact {
  /** Packed by src/shared/protocol/file-map.ts. */
  readonly files: SharedArrayBuffer;
  readonly fileCount: number;
}

export interface BuildInput {
  readonly files: SharedArrayBuffer;
  readonly stage: StageBuild;
  readonly owner: { readonly namespace: string; readonly name: string; readonly stage: string };
  /** What ApplySet members carry, or undefined in inventory mode `entries`. */
  readonly applySetId?: string;
  /** `<group>/<kind>` of every cluster-scoped kind that discovery or an earlier stage's CRDs name. */
  readonly clusterScopedKinds: readonly string[];
  /** The same for namespaced kinds that only an earlier stage's CRDs name. */
  readonly namespacedKinds: readonly string[];
  /** For `${…}`, later ones win. None: nothing is substituted. */
  readonly variables: readonly Variable[];
  /** Undefined: an encrypted file fails the build. */
  readonly decryption?: DecryptionKeys;
  /** The objects are an action's: they do not become the stage's. */
  readonly action?: ActionStamp;
  /** What the last build of this same recipe read: where all of it is the same, nothing is built. */
  readonly lastReads?: BuildReads;
}

export interface ActionStamp {
  /** Absent: Jobs are like other objects. */
  readonly jobs?: JobStamp;
}

/** What a Job of a `job` action is known by. */
export interface JobStamp {
  /** Of the action in this rollout. */
  readonly key: string;
  /** The UID of the StageSet. */
  readonly owner: string;
  /** The action's name. */
  readonly action: string;
}

/** The part of a stage's spec that decides what it renders. */
export interface StageBuild {
  readonly path: string;
  readonly applyHelmHookResources: boolean;
  readonly patches: readonly unknown[];
  /** Of the stage that tells the StageSet's version: where. */
  readonly version?: VersionPlace;
}

export type VersionPlace =
  | {
      readonly in: 'object';
      readonly kind: string;
      readonly name: string;
      /** Undefined: any. */
      readonly apiVersion?: string;
      /** As kubectl writes it. */
      readonly fieldPath: string;
    }
  | { readonly in: 'file'; readonly path: string };

/** No version is no failure of the build: whoever asked for it says what becomes of that. */
export type VersionFound =
  /** In its one form: without a leading `v`, white space and build metadata. */
  | { readonly ok: true; readonly version: string }
  /** Fit for a status message. */
  | { readonly ok: false; readonly problem: string };

export interface Variable {
  readonly name: string;
  readonly value: string;
  /** From a Secret: what it goes into is sensitive. */
  readonly secret: boolean;
}

export interface DecryptionKeys {
  /** Of the key Secret, by name: `*.agekey`, `*.asc`; others are for key services. */
  readonly entries: ReadonlyMap<string, string>;
  /** What key services have answered so far. */
  readonly unwrapped: readonly Unwrapped[];
}

export type BuildAnswer =
  | { readonly is: 'built'; readonly plan: StagePlan; readonly reads: BuildReads }
  /** All that the last build read is as it was. */
  | { readonly is: 'unchanged' }
  /** Nothing was built: with these keys unwrapped the same build gets further. */
  | { readonly is: 'wanting'; readonly keys: WantedKeys };

/** What a build looked at, and the digest of what it saw there: in another artifact with equal digest it would see the same. */
export interface BuildReads {
  /** Read, or looked for in vain. */
  readonly files: readonly string[];
  /** Directories of which the whole content was listed, or of which it was asked whether they are there. */
  readonly directories: readonly { readonly path: string; readonly listed: boolean }[];
  /** SHA-256, base64url. */
  readonly digest: string;
}

/** A finished build. Bodies stay bytes: the main thread sends slices and never looks inside. */
export interface StagePlan {
  /** In apply order: by wave, within it in the build's order. */
  readonly objects: readonly PlannedObject[];
  readonly bodies: ArrayBuffer;
  /** Kinds that CRDs of this stage define. */
  readonly definedKinds: readonly DefinedKind[];
  /** Kinds of which neither this stage nor the built-in table says whether they have namespaces, and what was taken for true. */
  readonly assumedScopes: readonly { readonly kind: string; readonly clusterScoped: boolean }[];
  /** Container image references, sorted and unique. */
  readonly images: readonly string[];
  /** Over every object's id and, unless sensitive, digest. */
  readonly digest: string;
  /** Where it was asked for. */
  readonly version?: VersionFound;
}

/** A plan without the bodies: small enough to keep while a run waits, and from run to run. */
export type PlanSummary = Omit<StagePlan, 'bodies'>;

export interface DefinedKind {
  readonly group: string;
  readonly kind: string;
  readonly clusterScoped: boolean;
}

export interface PlannedObject {
  readonly id: ObjectId;
  readonly apiVersion: string;
  /** 1 to 5: see src/shared/objects/waves.ts. */
  readonly wave: number;
  /** SHA-256 of the body, hex. */
  readonly digest: string;
  /** Secrets, and whatever a secret value went into. */
  readonly sensitive: boolean;
  /** Of one that is sensitive for more than being a Secret: where. */
  readonly secretIn?: SecretIn;
  /** Carries `stages.metio.wtf/prune: disabled`. */
  readonly keep: boolean;
  /** The `kustomize.toolkit.fluxcd.io/ssa` annotation, when it asks for something. */
  readonly ssa?: 'Merge' | 'IfNotPresent' | 'Ignore';
  /** The slice of `bodies` that is this object's JSON. */
  readonly offset: number;
  readonly length: number;
}

/** Objects as their watch brought them, of one kind, and what tells how far they are. */
export interface JudgeInput {
  readonly objects: readonly KubeObject[];
  readonly exprs: HealthExprs;
}

/** For all expressions of an object together. Honest ones take less than one of these. */
export const JUDGE_MS = 50;

export interface Judged {
  /** Of each object, in their order; undefined where the expressions did not come to an end in time. */
  readonly readiness: readonly (Readiness | undefined)[];
  readonly ranMs: number;
}
