import type { StageSet } from '../../shared/api/types.ts';
import type { Evidence } from './evidence.ts';

export interface Question {
  readonly set: StageSet;
  /** Of the Ready condition. */
  readonly message: string;
  readonly evidence: Evidence;
}
