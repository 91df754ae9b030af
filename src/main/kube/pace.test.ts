import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_IN_FLIGHT, Pace } from './pace.ts';

/** A server whose answers take this long, asked as fast as the pace allows. */
class Scene {
  readonly pace = new Pace();
  nowMs = 0;

  answers(count: number, ms: number, { verb = 'apply', overloaded = false, othersWait = true } = {}): number {
    for (let i = 0; i < count; i += 1) {
      const sentAtMs = this.nowMs;
      this.nowMs += ms / this.pace.limit;
      this.pace.note({ verb, sentAtMs, answeredAtMs: sentAtMs + ms, overloaded, othersWait });
    }
    this.nowMs += ms;
    return this.pace.limit;
  }
}

test('it grows while latency holds, up to what the connections carry', () => {
  const scene = new Scene();
  const before = scene.pace.limit;
  const after = scene.answers(100, 5);
  assert.ok(after > before);
  assert.equal(scene.answers(5_000, 5), MAX_IN_FLIGHT);
});

test('it does not grow while nobody waits: nothing would be learned', () => {
  const scene = new Scene();
  const before = scene.pace.limit;
  assert.equal(scene.answers(1_000, 5, { othersWait: false }), before);
});

test('a server that says "too many" halves it, once for all that was under way', () => {
  const scene = new Scene();
  const before = scene.answers(5_000, 5);
  const sentAtMs = scene.nowMs;
  for (let i = 0; i < 10; i += 1) {
    const answeredAtMs = sentAtMs + 5 + i;
    scene.pace.note({ verb: 'apply', sentAtMs, answeredAtMs, overloaded: true, othersWait: true });
  }
  assert.equal(scene.pace.limit, before / 2);
});

test('it never falls so low that it could not recover', () => {
  const scene = new Scene();
  for (let i = 0; i < 50; i += 1) scene.answers(1, 5, { overloaded: true });
  assert.equal(scene.pace.limit, 2);
  assert.ok(scene.answers(200, 5) > 2);
});

test('a clear rise of latency halves it; a small one, or one that nobody would notice, does not', () => {
  const scene = new Scene();
  assert.equal(scene.answers(5_000, 50), MAX_IN_FLIGHT);
  assert.equal(scene.answers(100, 90), MAX_IN_FLIGHT);
  assert.ok(scene.answers(64, 800) <= MAX_IN_FLIGHT / 2);

  const quick = new Scene();
  quick.answers(5_000, 2);
  assert.equal(quick.answers(100, 60), MAX_IN_FLIGHT);
});

test('it stays when latency is up but not clearly, and grows again when that is over', () => {
  const scene = new Scene();
  scene.answers(2_000, 100);
  scene.answers(1, 100, { overloaded: true });
  const halved = scene.pace.limit;
  assert.equal(scene.answers(60, 250), halved);
  assert.ok(scene.answers(200, 100) > halved);
});

test('a LIST is no slow write: verbs are compared with their own past', () => {
  const scene = new Scene();
  for (let i = 0; i < 200; i += 1) {
    scene.answers(9, 10);
    scene.answers(1, 900, { verb: 'list' });
  }
  assert.equal(scene.pace.limit, MAX_IN_FLIGHT);
});
