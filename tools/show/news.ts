import type { StageSet } from '../../src/shared/api/types.ts';
import type { KubeObject } from '../../src/shared/objects/object.ts';

/** What a person who watches a rollout may want to hear of. */
export type News =
  | { readonly is: 'act begun'; readonly act: number }
  | { readonly is: 'act shown'; readonly act: number }
  | { readonly is: 'act failed'; readonly act: number }
  /** Something was done to the cluster, from outside the controller. */
  | { readonly is: 'deed'; readonly text: string }
  /** Something was asked of the API server and is as it should be. */
  | { readonly is: 'proof'; readonly text: string }
  /** What a command printed. */
  | { readonly is: 'answer'; readonly lines: readonly string[] }
  | { readonly is: 'published'; readonly revision: string; readonly objects: readonly PublishedObject[] }
  | { readonly is: 'stage set'; readonly set: StageSet }
  | { readonly is: 'object'; readonly object: KubeObject; readonly gone: boolean }
  | { readonly is: 'event'; readonly type: string; readonly reason: string; readonly note: string };

/** An object that an artifact holds, with the stage that renders it. */
export interface PublishedObject {
  readonly stage: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
}
