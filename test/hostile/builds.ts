import assert from 'node:assert/strict';
import { TaskError } from '../../src/shared/protocol/task-error.ts';
import { build } from '../../src/workers/build.ts';
import { type BuildWishes, buildInput, planIn } from '../support/build-input.ts';
import { neverCancelled } from '../support/cancel-flag.ts';

export type Files = Readonly<Record<string, string | Uint8Array>>;

const PATIENCE_MS = 10_000;

/** Bodies, or what the build is refused with: a clear, short error of ours, in good time. Anything else fails the test. */
export async function builtOrRefused(files: Files, wishes?: BuildWishes): Promise<string | TaskError> {
  const startedMs = performance.now();
  try {
    const answer = await build(buildInput(files, wishes), neverCancelled());
    return answer.is === 'wanting' ? '' : Buffer.from(planIn(answer).bodies).toString();
  } catch (error) {
    assert.ok(error instanceof TaskError, `${error instanceof Error ? error.stack : error}\n${shown(files)}`);
    assert.notEqual(error.code, 'internal');
    assert.ok(error.message.length < 2_000, error.message);
    return error;
  } finally {
    assert.ok(performance.now() - startedMs < PATIENCE_MS, shown(files));
    assertUnpolluted();
  }
}

const ownNames = Object.getOwnPropertyNames(Object.prototype);

export function assertUnpolluted(): void {
  assert.equal(({} as { readonly polluted?: unknown }).polluted, undefined);
  assert.deepEqual(Object.getOwnPropertyNames(Object.prototype), ownNames);
  assert.deepEqual(Object.keys(Array.prototype), []);
}

function shown(files: Files): string {
  return Object.entries(files)
    .map(([path, content]) => `--- ${path}\n${content.slice(0, 500)}`)
    .join('\n');
}
