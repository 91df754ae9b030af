import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '../../shared/time/manual-clock.ts';
import { CpuShare } from './cpu-share.ts';

test('CPU used since the last look, of what may be used', async () => {
  const clock = new ManualClock();
  let usedMs = 1_000;
  const cpu = new CpuShare({ clock, allowance: 2, usedMs: () => usedMs });
  await clock.advance(1_000);
  usedMs += 500;
  assert.equal(cpu.take(), 0.25);
  await clock.advance(1_000);
  usedMs += 2_000;
  assert.equal(cpu.take(), 1);
});

test('of the real process it is a share above none', async () => {
  const clock = new ManualClock();
  const cpu = new CpuShare({ clock, allowance: 1 });
  for (let i = 0; i < 1e6; i += 1) Math.sqrt(i);
  await clock.advance(1_000);
  assert.ok(cpu.take() > 0);
});
