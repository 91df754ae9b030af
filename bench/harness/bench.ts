import type { Report } from './report.ts';

export interface Sizes {
  readonly stageSets: number;
  /** Of each StageSet. */
  readonly objects: number;
  /** The controller's --concurrent. */
  readonly concurrent: number;
}

export interface Bench {
  readonly about: string;
  /** Rejects when the cluster does not end up as it should. */
  run(sizes: Sizes): Promise<Report>;
}
