import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { YamlMap } from '../../../shared/yaml/yaml-value.ts';
import { Input } from '../input.ts';
import { windowsOf } from './windows.ts';

const when = { kind: 'deny', schedule: '0 9 * * *', duration: '8h', timeZone: 'Europe/Berlin' };
const chosen = {
  name: 'web',
  destination: { namespace: 'shop', server: 'https://eu.example.org', cluster: 'eu', kubeConfig: undefined },
};

function windows(...syncWindows: readonly YamlMap[]) {
  const input = new Input({ spec: { syncWindows } });
  const found = windowsOf(input, chosen);
  assert.deepEqual(input.unread(), []);
  return { found, noted: input.notes.map(({ field }) => field) };
}

test('a window becomes one that holds back everything', () => {
  const { found, noted } = windows({ ...when, applications: ['*'], manualSync: true, description: 'office hours' });
  const { kind: _, ...rest } = when;
  assert.deepEqual(found, { updateWindows: [{ type: 'Deny', ...rest }], windowScope: 'All' });
  assert.deepEqual(noted, ['spec.syncWindows[0].description', 'spec.syncWindows[0].manualSync']);
});

const choices: readonly (readonly [YamlMap, boolean])[] = [
  [{ applications: ['web'] }, true],
  [{ applications: ['w?b', 'x'] }, true],
  [{ applications: ['we'] }, false],
  [{ applications: ['w.b'] }, false],
  [{ namespaces: ['sh*'] }, true],
  [{ namespaces: ['other'] }, false],
  [{ clusters: ['eu'] }, true],
  [{ clusters: ['https://eu.*'] }, true],
  [{ clusters: ['us'] }, false],
  [{ applications: ['x'], namespaces: ['shop'] }, true],
  [{ applications: ['x'], namespaces: ['shop'], andOperator: true }, false],
  [{ applications: ['*'], namespaces: ['shop'], andOperator: true }, true],
  [{}, false],
];

for (const [choice, isMeant] of choices) {
  test(`${JSON.stringify(choice)} ${isMeant ? 'means' : 'does not mean'} this Application`, () => {
    assert.equal(windows({ ...when, ...choice }).found.updateWindows?.length, isMeant ? 1 : undefined);
  });
}
