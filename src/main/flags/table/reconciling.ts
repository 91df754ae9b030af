import { defaultValues } from '../../../shared/api/default-values.ts';
import { choiceFlag, countFlag, durationFlag, namesFlag, switchFlag, webAddressFlag } from '../kinds.ts';

export const reconcilingFlags = {
  concurrent: countFlag({
    name: 'concurrent',
    fallback: 16,
    min: 1,
    max: 10_000,
    help: 'How many StageSets are worked on at once. One that only waits does not count.',
  }),
  defaultIntervalMs: durationFlag({
    name: 'default-interval',
    fallback: '10m',
    help: 'Reconcile cadence of StageSets that omit spec.interval.',
  }),
  inventoryMode: choiceFlag({
    name: 'inventory-mode',
    choices: ['entries', 'hybrid', 'applyset'],
    fallback: defaultValues.inventoryMode,
    help: 'How applied objects are recorded: in entries only, with ApplySet labels too, or found by those as well.',
  }),
  inventoryShardCap: countFlag({
    name: 'inventory-shard-cap',
    fallback: 5_000,
    min: 1,
    max: 1_000_000,
    help: 'Most entries that one StageInventory holds.',
  }),
  driftWatch: switchFlag({
    name: 'drift-watch',
    fallback: true,
    help: 'Correct drift when it happens, not only at the interval.',
  }),
  overrideManagers: namesFlag({
    name: 'override-manager',
    value: 'NAME',
    help: 'Field manager whose fields on our objects become ours, as those of kubectl, Flux, Argo CD and Helm do.',
  }),
  maxTeardownWaitMs: durationFlag({
    name: 'max-teardown-wait',
    fallback: '1h',
    help: 'How long a deleted StageSet waits for its objects to go before its finalizer is dropped.',
  }),
  runbookBaseUrl: webAddressFlag({
    name: 'runbook-base-url',
    fallback: '',
    help: 'Where runbooks are published; unhealthy messages then end in a link. Empty: no links.',
  }),
} as const;
