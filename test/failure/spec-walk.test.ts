import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import type { StageSetSpec } from '../../src/shared/api/types.ts';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { crashesIn, type Scene, succeeded } from '../harness/scene.ts';
import { isSoak, seeds } from '../support/seeds.ts';
import { type Deed, deedsOf, deedsOfField, fields } from './spec-walk/fields.ts';
import { rollShop, SHOP, startGarden } from './spec-walk/garden.ts';
import { leftOut } from './spec-walk/left-out.ts';
import { judge, type Memory } from './spec-walk/model.ts';
import { valuesOf } from './spec-walk/values.ts';
import { walkOf } from './spec-walk/walk.ts';
import { worldOf } from './spec-walk/world.ts';

// Chains of random valid edits of a StageSet, drawn from its schema. After each the cluster is what a fresh install of
// the edited spec leaves, save what the specs say to keep.

/** A soak makes 300 in a round; a seed that is named is walked to the same end. */
const EDITS = isSoak || process.env.SEED !== undefined ? 30 : 3;
const walked = seeds();
const patience = { timeoutMs: 60_000, everyMs: 100 };

test('a field that no walk sets, changes and removes is listed with the reason', () => {
  const never = fields.flatMap((field) => {
    const [set, changed, removed] = deedsOfField(field);
    const { size } = valuesOf(field);
    if (size > 1) return [];
    return size === 1 ? [changed] : [set, changed, removed];
  });
  assert.deepEqual(Object.keys(leftOut).toSorted(), never.toSorted());
});

test('what the edits have done', () => {
  const done = new Set<Deed>();
  for (const seed of walked) {
    const specs = walkOf(seed, EDITS);
    for (const [at, spec] of specs.entries()) for (const deed of deedsOf(specs[at - 1] ?? spec, spec)) done.add(deed);
  }
  const wanted = fields.flatMap(deedsOfField).filter((deed) => leftOut[deed] === undefined);
  const left = wanted.filter((deed) => !done.has(deed));
  console.log(`${wanted.length - left.length} of ${wanted.length} things that can be done to a field`);
  if (isSoak) assert.deepEqual(left, []);
});

describe('spec walks', { concurrency: 3 }, () => {
  for (const seed of walked) {
    test(`each of ${EDITS} edits converges (seed ${seed})`, async (t) => {
      const walk = walkOf(seed, EDITS);
      const scene = await startGarden(t, walk);
      const [first, ...specs] = walk;
      await rollShop(scene, first!);
      await scene.settled(SHOP, succeeded, patience);
      const world = await eventually(() => worldOf(scene), patience);
      let memory: Memory = { world, kept: {}, good: world };
      for (const [at, spec] of specs.entries()) {
        const [fresh] = await Promise.all([freshlyInstalled(t, spec), rollShop(scene, spec)]);
        const before = memory;
        try {
          // Both anew each time: a garden just laid out may still lack a source in the eyes of the controller.
          memory = await eventually(
            async () => judge(spec, before, await worldOf(scene), await worldOf(fresh)),
            patience,
          );
        } catch (error) {
          throw new Error(`edit ${at + 1} to ${JSON.stringify(spec)}`, { cause: error });
        }
        await fresh.remove(SHOP); // kinds are the whole cluster's
      }
      assert.deepEqual(crashesIn(await scene.controller()), []);
    });
  }
});

/** In a namespace of its own. */
async function freshlyInstalled(t: TestContext, spec: StageSetSpec): Promise<Scene> {
  const scene = await startGarden(t, [spec]);
  await rollShop(scene, spec);
  return scene;
}
