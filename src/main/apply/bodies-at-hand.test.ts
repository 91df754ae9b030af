import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlannedObject } from '../../shared/protocol/tasks.ts';
import { BodiesAtHand } from './bodies-at-hand.ts';

const second: PlannedObject = {
  id: 'team_b__ConfigMap' as PlannedObject['id'],
  apiVersion: 'v1',
  wave: 3,
  digest: '',
  sensitive: false,
  keep: false,
  offset: 2,
  length: 3,
};

/** Bodies that count how often they were taken and let go of. */
function scene() {
  const counts = { taken: 0, released: 0 };
  const take = async () => {
    counts.taken += 1;
    const bytes = new Uint8Array(Buffer.from('{}[1]')).buffer;
    const letGo = () => {
      counts.released += 1;
    };
    return { bytes, grow: () => {}, [Symbol.dispose]: letGo };
  };
  return { counts, take };
}

test('bodies are let go of when their stage is sent', async () => {
  const { counts, take } = scene();
  {
    using bodies = await BodiesAtHand.taken(take);
    assert.equal(Buffer.from(bodies.bodyOf(second)).toString(), '[1]');
    assert.equal(counts.released, 0);
  }
  assert.deepEqual(counts, { taken: 1, released: 1 });
});

test('laid down they are held by nobody and cannot be sent; taken up again they can', async () => {
  const { counts, take } = scene();
  {
    using bodies = await BodiesAtHand.taken(take);
    bodies.layDown();
    assert.equal(counts.released, 1);
    assert.throws(() => bodies.bodyOf(second), /laid down/);
    await bodies.takeUp();
    assert.equal(Buffer.from(bodies.bodyOf(second)).toString(), '[1]');
  }
  assert.deepEqual(counts, { taken: 2, released: 2 });
});

test('what was laid down for good is let go of once', async () => {
  const { counts, take } = scene();
  {
    using bodies = await BodiesAtHand.taken(take);
    bodies.layDown();
  }
  assert.deepEqual(counts, { taken: 1, released: 1 });
});
