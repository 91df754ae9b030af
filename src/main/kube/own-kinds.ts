import { GROUP, VERSION } from '../../shared/api/group.ts';
import type { Resource } from './types.ts';

const verbs = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'];

/** The kinds that this project brings: known without asking the server. */
export const stageSetResource: Resource = {
  group: GROUP,
  version: VERSION,
  kind: 'StageSet',
  plural: 'stagesets',
  namespaced: true,
  verbs,
};

export const stageInventoryResource: Resource = {
  group: GROUP,
  version: VERSION,
  kind: 'StageInventory',
  plural: 'stageinventories',
  namespaced: true,
  verbs,
};
