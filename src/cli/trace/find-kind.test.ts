import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Resource } from '../../main/kube/types.ts';
import { findKind } from './find-kind.ts';

function kind(group: string, name: string, plural: string, shortNames: readonly string[] = []): Resource {
  return { group, version: 'v1', kind: name, plural, namespaced: true, verbs: ['get'], shortNames };
}

const deployments = kind('apps', 'Deployment', 'deployments', ['deploy']);
const events = kind('', 'Event', 'events', ['ev']);
const laterEvents = kind('events.k8s.io', 'Event', 'events', ['ev']);
const reviews: Resource = { ...kind('authorization.k8s.io', 'Review', 'reviews'), verbs: ['create'] };
const kinds = [laterEvents, deployments, events, reviews];

const meant: readonly [text: string, kind: Resource | undefined][] = [
  ['deploy', deployments],
  ['Deployment', deployments],
  ['deployments', deployments],
  ['deployments.apps', deployments],
  ['deployment.v1.apps', deployments],
  ['deployment.v2.apps', undefined],
  ['deployments.extensions', undefined],
  ['ev', events],
  ['events.events.k8s.io', laterEvents],
  ['reviews', undefined],
  ['nothing', undefined],
];

for (const [text, found] of meant) {
  test(`"${text}" ${found === undefined ? 'is no kind' : `is ${found.kind} of "${found.group}"`}`, () => {
    assert.equal(findKind(text, kinds), found);
  });
}
