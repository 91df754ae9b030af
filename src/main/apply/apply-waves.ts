import type { PlannedObject } from '../../shared/protocol/tasks.ts';
import { isTransient, KubeError } from '../kube/errors.ts';
import { ownershipPrint } from '../live/ownership-print.ts';
import { notInstalled, placeOf, type Target } from './cluster.ts';
import { validateDeferred } from './dry-run.ts';
import { mapped } from './mapped.ts';
import { ObjectsRefused, publicError, type Refusal, refusal } from './refusal.ts';
import { type BodyOf, sendApply, WIDTH } from './send-apply.ts';

export interface WaveHooks {
  /** Called after each object that the server took. */
  readonly onApplied: (applied: Applied) => void;
  /** What is written next may rest on the first wave: CRDs established, namespaces active. */
  readonly firstWaveStands: (objects: readonly PlannedObject[]) => Promise<void>;
}

export interface Applied {
  readonly object: PlannedObject;
  /** Told by resourceVersions. */
  readonly effect: 'created' | 'configured' | 'unchanged';
  /** Of the object as this very apply left it. */
  readonly print: string;
}

/**
 * Applies the changed objects of a stage, wave by wave, each wave in parallel.
 * Promises: a wave starts only when the one before was taken whole; every refusal of a wave is reported.
 */
export async function applyWaves(
  target: Target,
  changed: readonly PlannedObject[],
  deferred: ReadonlySet<PlannedObject>,
  bodyOf: BodyOf,
  hooks: WaveHooks,
): Promise<void> {
  for (const wave of wavesOf(changed)) {
    await validateDeferred(
      target,
      wave.filter((object) => deferred.has(object)),
      bodyOf,
    );
    const refusals: Refusal[] = [];
    await mapped(wave, WIDTH, async (object) => {
      const answer = await applyOne(target, object, bodyOf);
      if ('effect' in answer) hooks.onApplied(answer);
      else refusals.push(answer);
    });
    if (refusals.length > 0) throw new ObjectsRefused(refusals);
    if (wave[0]?.wave === 1) await hooks.firstWaveStands(wave);
  }
}

function wavesOf(objects: readonly PlannedObject[]): readonly (readonly PlannedObject[])[] {
  const byWave = Map.groupBy(objects, (object) => object.wave);
  return [...byWave].toSorted(([a], [b]) => a - b).map(([, wave]) => wave);
}

async function applyOne(target: Target, object: PlannedObject, bodyOf: BodyOf): Promise<Applied | Refusal> {
  const place = await placeOf(target.cluster, object);
  if (place === undefined) return { object, message: notInstalled(object) };
  const before = target.cluster.live.get(object.id)?.metadata.resourceVersion;
  try {
    const { status, body } = await sendApply(target, place, bodyOf(object), { dryRun: false });
    target.cluster.live.observe(place.resource, body.metadata);
    const changed = before === body.metadata.resourceVersion ? 'unchanged' : 'configured';
    return { object, effect: status === 201 ? 'created' : changed, print: ownershipPrint(body.metadata) };
  } catch (error) {
    if (!(error instanceof KubeError)) throw error;
    if (isTransient(error)) throw publicError(object, error);
    return refusal(object, error);
  }
}
