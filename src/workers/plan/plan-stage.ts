import { hash } from 'node:crypto';
import { describeObjectId, formatObjectId, type ObjectId } from '../../shared/objects/object-id.ts';
import { waveOf } from '../../shared/objects/waves.ts';
import { compareBytes } from '../../shared/protocol/file-map.ts';
import { planLimits } from '../../shared/protocol/limits.ts';
import { TaskError } from '../../shared/protocol/task-error.ts';
import type { BuildInput, CancelFlag, PlannedObject, StagePlan } from '../../shared/protocol/tasks.ts';
import { stopIfCancelled } from '../cancel.ts';
import type { KustomizedObject } from '../kustomize/build-kustomization.ts';
import { asActionJob } from './action-job.ts';
import { BodyWriter } from './bodies.ts';
import { definedKindsOf, isCrd } from './defined-kinds.ts';
import { type IdentifiedObject, identify } from './identity.ts';
import { collectImages } from './images.ts';
import { type Scopes, scopesOf } from './scopes.ts';
import { ownerLabels, stamped } from './stamp.ts';
import { isHelmHook, ssaWishOf, wantsToBeKept } from './wishes.ts';

/** What a build rendered, made ready to be sent: each object ours, in its place, in its wave, as bytes. */
export function planStage(built: readonly KustomizedObject[], input: BuildInput, flag: CancelFlag): StagePlan {
  if (built.length > planLimits.objects) {
    throw new TaskError('limitExceeded', `the stage renders more than ${planLimits.objects} objects`);
  }
  const { jobs } = input.action ?? {};
  const wanted = built
    .map(identify)
    .filter((object) => input.stage.applyHelmHookResources || !isHelmHook(object))
    .map((object) => (jobs === undefined ? object : asActionJob(object, jobs)));
  const definedKinds = definedKindsOf(wanted);
  const scopes = scopesOf(input, definedKinds);
  const definedHere = new Set(definedKinds.map(({ group, kind }) => `${group}/${kind}`));
  const placed = refuseDuplicates(wanted.map((object) => place(object, input.owner.namespace, scopes)));

  const labels = ownerLabels(input);
  const bodies = new BodyWriter();
  const images = new Set<string>();
  const objects = placed.map(({ object, id, namespace }): PlannedObject => {
    stopIfCancelled(flag);
    const sensitive = object.sensitive || isSecret(object);
    // A CRD has schemas of containers, no containers.
    if (!sensitive && !isCrd(object)) collectImages(object.object, images);
    const ssa = ssaWishOf(object);
    const { group, kind } = object;
    return {
      id,
      apiVersion: object.apiVersion,
      wave: waveOf({
        group,
        kind,
        clusterScoped: namespace === undefined,
        definedHere: definedHere.has(`${group}/${kind}`),
      }),
      sensitive,
      ...(object.sensitive && { secretIn: object.hasSecretKeys ? 'keys' : 'values' }),
      keep: wantsToBeKept(object),
      ...(ssa !== undefined && { ssa }),
      ...bodies.add(stamped(object, namespace, labels)),
    };
  });
  return {
    objects: objects.toSorted((a, b) => a.wave - b.wave),
    bodies: bodies.finish(),
    definedKinds,
    assumedScopes: [...scopes.assumed].map(([kind, clusterScoped]) => ({ kind, clusterScoped })),
    images: [...images].toSorted(compareBytes),
    digest: digestOf(objects),
  };
}

interface PlacedObject {
  readonly object: IdentifiedObject;
  readonly id: ObjectId;
  /** Undefined for a cluster-scoped one. */
  readonly namespace: string | undefined;
}

function place(object: IdentifiedObject, ownNamespace: string, scopes: Scopes): PlacedObject {
  const { group, kind, name } = object;
  const namespace = scopes.isClusterScoped(group, kind) ? undefined : (object.namespace ?? ownNamespace);
  return { object, id: formatObjectId({ namespace: namespace ?? '', name, group, kind }), namespace };
}

function refuseDuplicates(placed: readonly PlacedObject[]): readonly PlacedObject[] {
  const origins = new Map<ObjectId, string>();
  for (const { id, object } of placed) {
    const first = origins.get(id);
    if (first !== undefined) {
      throw new TaskError('duplicateObject', `${describeObjectId(id)} is there twice: ${first} and ${object.origin}`);
    }
    origins.set(id, object.origin);
  }
  return placed;
}

function isSecret({ group, kind }: IdentifiedObject): boolean {
  return group === '' && kind === 'Secret';
}

/** Equal for the same set of objects, in whatever order they were rendered. */
function digestOf(objects: readonly PlannedObject[]): string {
  const lines = objects.map(({ id, sensitive, digest }) => (sensitive ? id : `${id} ${digest}`));
  return hash('sha256', lines.toSorted(compareBytes).join('\n'));
}
