import type { PlannedObject } from '../../shared/protocol/tasks.ts';
import { alreadyPresent } from '../apply/absent.ts';
import type { InTheWay } from '../apply/apply-object.ts';
import { applyWaves } from '../apply/apply-waves.ts';
import { BodiesAtHand } from '../apply/bodies-at-hand.ts';
import type { Policy } from '../apply/conflict-policy.ts';
import { validateAll } from '../apply/dry-run.ts';
import { makeWay } from '../apply/make-way.ts';
import { mapped } from '../apply/mapped.ts';
import { type Sending, WIDTH } from '../apply/send-apply.ts';
import { untilDiscovered } from '../apply/until-discovered.ts';
import { awaitReady } from './await-ready.ts';
import { ACTION_FIELD_MANAGER, type Rendered, type RenderingAttempt } from './verb.ts';

/**
 * Applies these objects as a stage's are: shown to the server first, then wave by wave. Nobody owns them, nothing prunes
 * them. Answers with those that it has applied, which leaves out what asks not to be. Throws ObjectsRefused.
 */
export async function putUp(
  attempt: RenderingAttempt,
  { plan, bodies: take }: Rendered,
  objects: readonly PlannedObject[],
  policyOf: (object: PlannedObject) => Policy = () => ({ action: 'Fail', guarded: true }),
): Promise<readonly PlannedObject[]> {
  const { target, signal, park, clock } = attempt;
  const present = await alreadyPresent(target, objects);
  const wanted = objects.filter((object) => object.ssa !== 'Ignore' && !present.has(object));
  using bodies = await BodiesAtHand.taken(take);
  const sending: Sending = {
    bodyOf: bodies.bodyOf,
    policyOf,
    mayFold: () => false,
    hasFolded: () => {},
    fieldManager: ACTION_FIELD_MANAGER,
    beforeWrite: attempt.beforeWrite,
  };
  const definedKinds = new Set(plan.definedKinds.map(({ group, kind }) => `${group}/${kind}`));
  const deferred = await validateAll(target, wanted, sending, definedKinds);
  signal.throwIfAborted();
  await applyWaves(target, wanted, deferred, sending, {
    onApplied: () => {},
    onKept: () => {},
    async makeWay(inTheWay) {
      bodies.layDown();
      await park('deletion', () => clear(attempt, inTheWay));
      await bodies.takeUp();
    },
    async firstWaveStands(first) {
      bodies.layDown();
      await awaitReady(attempt, first);
      await park('discovery', () => untilDiscovered(plan.definedKinds, target.cluster.discovery, { clock, signal }));
      await bodies.takeUp();
    },
  });
  return wanted;
}

async function clear({ target, clock, signal }: RenderingAttempt, inTheWay: readonly InTheWay[]): Promise<void> {
  await mapped(inTheWay, WIDTH, ({ place }) => makeWay(target, place, (ms) => clock.sleep(ms, signal)));
}
