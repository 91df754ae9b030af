import type { ResolvedSourceRef } from '../../shared/api/defaults.ts';
import type { StageSet } from '../../shared/api/types.ts';
import type { Command } from './answer.ts';
import type { Told } from './events.ts';

/** What is looked up on the cluster, if and when an explanation needs it, with the user's own rights. */
export interface Evidence {
  readonly nowMs: number;
  controller(): Promise<ControllerState>;
  /**
   * The worst object that a stage, or any, waits for, those first that the controller has `told` of; undefined: all are
   * as they should be, or may not be seen.
   */
  trouble(stage?: string, told?: string): Promise<Trouble | undefined>;
  /** The first object of any stage that is being deleted and does not go. */
  lingering(): Promise<Trouble | undefined>;
  /** The newest event that warns about the StageSet itself. */
  lastWarning(): Promise<Told | undefined>;
  /** As `trouble`, of the Jobs of an action. */
  jobTrouble(action: string): Promise<Trouble | undefined>;
  /** Another StageSet; undefined: it does not exist, or is not for this user to see. */
  stageSet(namespace: string, name: string): Promise<StageSet | undefined>;
  /** The same by the kind alone, of whatever group. */
  resourceNameOfKind(kind: string): string | undefined;
  /** As `kubectl` takes it: `gitrepositories.source.toolkit.fluxcd.io`; undefined where the kind is not installed. */
  resourceName(kind: Pick<ResolvedSourceRef, 'kind' | 'apiVersion'>): string | undefined;
}

/** An object that something waits for. */
export interface Trouble {
  /** `Deployment shop/web (Available: 0/1): pod web-1: container app: ImagePullBackOff`. */
  readonly text: string;
  readonly next: Command;
  /** Objects besides that are not as they should be. */
  readonly others: number;
}

export type ControllerState =
  | { readonly is: 'running'; readonly holder: string; readonly namespace: string }
  /** It has not renewed its Lease in time. */
  | { readonly is: 'silent'; readonly holder: string; readonly namespace: string; readonly sinceMs: number }
  /** No Lease of a controller is there, or nobody holds one. */
  | { readonly is: 'absent' }
  /** The user may not look at Leases. */
  | { readonly is: 'unread' };

/** `; 2 more objects are not ready` */
export function withOthers({ text, others }: Trouble): string {
  if (others === 0) return text;
  return `${text}; ${others === 1 ? 'one more object is' : `${others} more objects are`} not ready`;
}
