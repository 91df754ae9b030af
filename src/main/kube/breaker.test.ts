import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '../../shared/time/manual-clock.ts';
import { Breaker, type Ending } from './breaker.ts';

function request(breaker: Breaker, ending: Ending): 'sent' | 'refused' {
  const admission = breaker.admit();
  if (!admission.admitted) return 'refused';
  admission.end(ending);
  return 'sent';
}

function tripped(clock = new ManualClock()): Breaker {
  const breaker = new Breaker(clock);
  for (let i = 0; i < 5; i += 1) assert.equal(request(breaker, 'noAnswer'), 'sent');
  return breaker;
}

test('five requests in a row without an answer trip it', () => {
  const breaker = tripped();
  assert.equal(breaker.answering, false);
  assert.equal(request(breaker, 'answer'), 'refused');
});

test('an answer in between starts the count anew; a caller who gave up counts for nothing', () => {
  const breaker = new Breaker(new ManualClock());
  for (const ending of ['noAnswer', 'noAnswer', 'answer', 'noAnswer', 'unknown', 'noAnswer'] as const) {
    request(breaker, ending);
  }
  assert.equal(breaker.answering, true);
});

test('one probe at a time, a second apart, until one is answered', async () => {
  const clock = new ManualClock();
  const breaker = tripped(clock);
  await clock.advance(1_000);
  const probe = breaker.admit();
  assert.ok(probe.admitted);
  await clock.advance(20_000);
  assert.equal(request(breaker, 'answer'), 'refused', 'while the probe is under way');

  probe.end('noAnswer');
  assert.equal(request(breaker, 'answer'), 'refused', 'right after a probe failed');
  await clock.advance(1_000);
  assert.equal(request(breaker, 'answer'), 'sent');
  assert.equal(breaker.answering, true);
  assert.equal(request(breaker, 'answer'), 'sent');
});

test('a probe whose caller gave up makes room for the next', async () => {
  const clock = new ManualClock();
  const breaker = tripped(clock);
  await clock.advance(1_000);
  request(breaker, 'unknown');
  assert.equal(breaker.answering, false);
  assert.equal(breaker.retryInMs(), 1_000);
});

test('requests that were under way when it tripped do not end the probe', async () => {
  const clock = new ManualClock();
  const breaker = new Breaker(clock);
  const early = Array.from({ length: 6 }, () => breaker.admit());
  const end = (i: number) => {
    const admission = early[i];
    assert.ok(admission?.admitted);
    admission.end('noAnswer');
  };
  for (let i = 0; i < 5; i += 1) end(i);
  await clock.advance(1_000);
  assert.ok(breaker.admit().admitted);
  end(5);
  assert.equal(breaker.admit().admitted, false);
});
