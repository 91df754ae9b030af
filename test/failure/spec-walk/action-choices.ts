import type { Action } from '../../../src/shared/api/types.ts';
import { LISTENER, OWN_NAMESPACE, SHELF } from './places.ts';

// Each succeeds. Those of one name leave the same mark (see world.ts): an action that is edited is not run again while
// its name is done.

const acted = { apiVersion: 'v1', kind: 'ConfigMap', name: 'acted' } as const;
const actedRole = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', name: 'acted-role' } as const;
const variables = { apiVersion: 'v1', kind: 'ConfigMap', name: 'variables' } as const;
const ofBase = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'of-base', namespace: SHELF } as const;
const unwanted = { apiVersion: 'v1', kind: 'ConfigMap', name: 'unwanted' } as const;

const toolsHere = { name: 'tools' } as const;
const toolsThere = {
  name: 'tools',
  kind: 'ExternalArtifact',
  apiVersion: 'source.toolkit.fluxcd.io/v1',
  namespace: SHELF,
} as const;
const producer = { kind: 'Producer', apiVersion: 'example.test/v1', namespace: SHELF } as const;

const merge = JSON.stringify({ data: { merged: 'yes' } });
const annotate = JSON.stringify({ metadata: { annotations: { merged: 'yes' } } });
const list = JSON.stringify([{ op: 'add', path: '/data/listed', value: 'yes' }]);

export const actionChoices: readonly Action[] = [
  { name: 'hold', wait: { duration: '1ms' } },
  { name: 'hold', timeout: '1m', wait: { duration: '2ms' } },
  { name: 'look', wait: { target: variables, expr: 'data.who != ""' } },
  { name: 'look', timeout: '2m', wait: { target: ofBase, expr: 'status.availableReplicas >= 1', timeout: '1m' } },
  { name: 'look', wait: { target: { ...variables, namespace: OWN_NAMESPACE }, expr: 'has(data.who)', timeout: '2m' } },
  { name: 'mark', retries: 1, patch: { target: acted, patch: merge } },
  { name: 'mark', retries: 2, patch: { target: { ...acted, namespace: OWN_NAMESPACE }, type: 'merge', patch: merge } },
  { name: 'list', patch: { target: acted, type: 'json6902', patch: list } },
  { name: 'note', patch: { target: { ...actedRole, namespace: OWN_NAMESPACE }, type: 'merge', patch: annotate } },
  { name: 'note-base', patch: { target: ofBase, patch: annotate } },
  { name: 'call', http: { url: `${LISTENER}/hello` } },
  {
    name: 'call',
    http: { url: `${LISTENER}/hello?again`, method: 'GET', headersFrom: [{ name: 'headers', key: 'X-One' }] },
  },
  {
    name: 'call',
    http: {
      url: `${LISTENER}/hello`,
      method: 'PUT',
      body: 'one',
      headersFrom: [{ name: 'more-headers', key: 'X-Two' }],
      expectedStatus: [200, 201],
    },
  },
  { name: 'call', http: { url: `${LISTENER}/hello`, body: 'two', expectedStatus: [204, 200] } },
  { name: 'call', http: { url: `${LISTENER}/hello`, bodyFrom: { name: 'more-variables', key: 'who' } } },
  { name: 'call', http: { url: `${LISTENER}/hello`, bodyFrom: { name: 'headers', key: 'X-One' } } },
  { name: 'work', job: { sourceRef: toolsHere, path: 'jobs' } },
  { name: 'work', job: { sourceRef: { ...toolsHere, namespace: OWN_NAMESPACE }, path: './jobs' } },
  { name: 'work', timeout: '5m', retries: 1, job: { sourceRef: toolsThere, path: './jobs' } },
  { name: 'work', job: { sourceRef: { ...producer, name: 'worker' } } },
  { name: 'bring', apply: { sourceRef: toolsHere, path: 'brought' } },
  { name: 'bring', apply: { sourceRef: { ...toolsHere, namespace: OWN_NAMESPACE }, path: './brought' } },
  { name: 'bring', retries: 2, apply: { sourceRef: toolsThere, path: './brought', wait: true } },
  { name: 'bring', apply: { sourceRef: { ...producer, name: 'bringer' }, wait: false } },
  { name: 'drop', delete: { target: unwanted } },
  { name: 'drop', delete: { target: { ...unwanted, namespace: OWN_NAMESPACE } } },
  { name: 'drop-none', delete: { target: { ...actedRole, name: 'no-such', namespace: SHELF } } },
];
