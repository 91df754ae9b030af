import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildInput } from '../../../test/support/build-input.ts';
import { taskLimits } from './limits.ts';
import { refuseLargeInput, refuseLargeOutput } from './task-sizes.ts';
import type { BuildAnswer } from './tasks.ts';

/** Of that length, without the memory. */
function sharedOf(byteLength: number): SharedArrayBuffer {
  return { byteLength } as SharedArrayBuffer;
}

function bufferOf(byteLength: number): ArrayBuffer {
  return { byteLength } as ArrayBuffer;
}

function builtOf(byteLength: number): BuildAnswer {
  const plan = {
    objects: [],
    bodies: bufferOf(byteLength),
    definedKinds: [],
    assumedScopes: [],
    images: [],
    digest: '',
  };
  return { is: 'built', plan, reads: { files: [], directories: [], digest: '' } };
}

const bounds = [
  {
    what: 'what this unpack is given is over 64 MiB',
    limit: taskLimits.unpack.inputBytes,
    refuse: (bytes: number) => refuseLargeInput('unpack', { archive: bufferOf(bytes), digest: '' }),
  },
  {
    what: 'what this unpack makes is over 96 MiB',
    limit: taskLimits.unpack.outputBytes,
    refuse: (bytes: number) => refuseLargeOutput('unpack', { files: sharedOf(bytes), fileCount: 0 }),
  },
  {
    what: 'what this build is given is over 96 MiB',
    limit: taskLimits.build.inputBytes,
    refuse: (bytes: number) => refuseLargeInput('build', { ...buildInput({}), files: sharedOf(bytes) }),
  },
  {
    what: 'what this build makes is over 128 MiB',
    limit: taskLimits.build.outputBytes,
    refuse: (bytes: number) => refuseLargeOutput('build', builtOf(bytes)),
  },
];

for (const { what, limit, refuse } of bounds) {
  test(`refused: ${what}`, () => {
    refuse(limit);
    assert.throws(() => refuse(limit + 1), { code: 'limitExceeded', message: what });
  });
}

test('a build that makes nothing is within any bound', () => {
  refuseLargeOutput('build', { is: 'unchanged' });
});
