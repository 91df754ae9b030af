import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '../../shared/time/manual-clock.ts';
import { ActionTimedOut } from '../actions/verb.ts';
import { createLog } from '../log/log.ts';
import { StageError } from '../outcome/outcome.ts';
import { takeStep } from './take-step.ts';

function scene() {
  const clock = new ManualClock();
  const lines: string[] = [];
  const write = (line: string) => void lines.push(line.replace(/^\S+ /, ''));
  const log = createLog({ level: 'info', encoding: 'text', clock, write });
  return { clock, lines, run: { world: { clock }, log } };
}

test('an operation that took long is told as slow, a quick one not at all', async () => {
  const { run, clock, lines } = scene();
  assert.equal(await takeStep(run, 'web', 'apply', async () => 'quick'), 'quick');
  await takeStep(run, 'web', 'verify', () => clock.advance(90_500));
  assert.deepEqual(lines, ['INFO  slow stage=web step=verify took=1m30.5s\n']);
});

test('one that ran out of time is told as timeout, and fails as it would', async () => {
  const { run, lines } = scene();
  const work = () => Promise.reject(new Error('call', { cause: new ActionTimedOut('5s') }));
  await assert.rejects(takeStep(run, 'web', 'pre action "ask"', work), StageError);
  assert.deepEqual(lines, ['WARN  timeout stage=web step="pre action \\"ask\\"" took=0s error=call\n']);
  await assert.rejects(takeStep(run, 'web', 'apply', () => Promise.reject(new Error('refused'))));
  assert.equal(lines.length, 1);
});
