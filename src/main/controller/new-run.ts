import type { StageSet } from '../../shared/api/types.ts';
import { Inventory } from '../inventory/inventory.ts';
import { ActionPins } from '../source/action-pins.ts';
import { StatusWriter } from '../status/writer.ts';
import type { Run, World } from './world.ts';

/** What a run is given; all else it finds out for itself. */
export type Given = Pick<Run, 'key' | 'memory' | 'turn' | 'lease' | 'superseded' | 'deleted' | 'lookAgainAt'>;

export function newRun(world: World, set: StageSet, given: Given): Run {
  const { key, lease } = given;
  const { namespace = '', name, uid = '' } = set.metadata;
  const log = world.log.with({ stageset: key });
  return {
    ...given,
    set,
    world,
    log,
    startedMs: world.clock.wallMs(),
    actionPins: new ActionPins(),
    newest: undefined,
    admission: undefined,
    hold: undefined,
    pins: undefined,
    remarks: new Map(),
    target: undefined,
    hasWritten: false,
    transition: undefined,
    snapshot: undefined,
    inventory: new Inventory(
      { namespace, name, uid },
      {
        client: world.cluster.client,
        store: world.inventories,
        lease,
        mode: world.settings.inventoryMode,
        shardCap: world.settings.inventoryShardCap,
        toolVersion: world.version,
      },
    ),
    status: new StatusWriter(set, {
      client: world.cluster.client,
      clock: world.clock,
      lease,
      written: (written) => world.sets.put(written),
      interimFailed: (error) => log.warn('could not show progress in status', { error }),
    }),
  };
}
