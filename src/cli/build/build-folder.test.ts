import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHere } from './build-folder.ts';

test('files are named from where the user is, and from the root where they lie elsewhere', () => {
  const told = (message: string) => fromHere(message, '/home/me/app/overlay', '/home/me/app');
  assert.equal(told('"home/me/app/overlay/a.yaml": line 1'), '"overlay/a.yaml": line 1');
  assert.equal(told('"home/me/base" is gone, "home/me/app" is not'), '"/home/me/base" is gone, "." is not');
  assert.equal(told('"../x" is not in or below "homes/x"'), '"../x" is not in or below "homes/x"');
});
