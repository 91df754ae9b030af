import type { Hook } from './types.ts';

/** In the order in which a stage comes to them. */
export const hooks: readonly Hook[] = ['pre', 'post', 'onFailure'];
