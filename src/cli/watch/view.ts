import type { StageSet } from '../../shared/api/types.ts';

/** Where a rollout is shown. Disposed of, it draws no more. */
export interface View extends Disposable {
  show(set: StageSet, news: readonly string[]): void;
  /** With the line that ends it. */
  end(line: string): void;
}
