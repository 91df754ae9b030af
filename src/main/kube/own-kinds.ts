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

/** Kinds of the core that are read by name, known without asking either. */
export const secretResource: Resource = {
  group: '',
  version: 'v1',
  kind: 'Secret',
  plural: 'secrets',
  namespaced: true,
  verbs,
};

export const configMapResource: Resource = {
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  namespaced: true,
  verbs,
};

export const namespaceResource: Resource = {
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  namespaced: false,
  verbs,
};
