import type { Report } from './report.ts';

export interface Sizes {
  readonly stageSets: number;
  /** Of each StageSet. */
  readonly objects: number;
  /** StageSets that never become ready, where a bench has such. */
  readonly stuck: number;
  /** The controller's --concurrent. */
  readonly concurrent: number;
}

export interface Bench {
  readonly about: string;
  /** Where it differs from most, and no flag says otherwise. */
  readonly usual?: Partial<Sizes>;
  /** Rejects when the cluster does not end up as it should. */
  run(sizes: Sizes): Promise<Report>;
}
