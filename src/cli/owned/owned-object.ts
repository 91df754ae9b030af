import type { Readiness } from '../../shared/kstatus/readiness.ts';
import type { KubeObject } from '../../shared/objects/object.ts';
import type { ObjectId } from '../../shared/objects/object-id.ts';

/** How an object stands, by kstatus where there is one to look at. */
export type Standing =
  | Readiness
  | { readonly is: 'missing'; readonly message: string }
  | { readonly is: 'unread'; readonly message: string };

/** An object that a stage has put up, or that such an object has. */
export interface OwnedObject {
  readonly id: ObjectId;
  readonly apiVersion: string;
  /** Of status-free kinds the metadata only; undefined where it is not there or may not be seen. */
  readonly object: KubeObject | undefined;
  readonly standing: Standing;
  readonly children: readonly OwnedObject[];
}

export function messageOf(standing: Standing): string {
  return standing.is === 'current' ? '' : standing.message;
}

/** The words of kstatus, and two of ours. */
export const words: Readonly<Record<Standing['is'], string>> = {
  current: 'Current',
  inProgress: 'InProgress',
  failed: 'Failed',
  terminating: 'Terminating',
  unknown: 'Unknown',
  missing: 'NotFound',
  unread: 'Unread',
};

/** What may be waited for. Not what the user may not see: nobody knows. */
export function isTrouble({ is }: Standing): boolean {
  return is !== 'current' && is !== 'unread';
}
