import type { Clock } from '../../shared/time/clock.ts';
import type { Asking } from '../live/awaited-group.ts';
import type { Target } from './cluster.ts';

/** How to follow objects of this target as whoever applies there. */
export function askingOf({ cluster, as }: Target, clock: Clock): Asking {
  const { client, discovery, scope, watches } = cluster;
  return { client, discovery, scope, watches, as, clock };
}
