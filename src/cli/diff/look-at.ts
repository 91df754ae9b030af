import { mannerOf, placeOf, type Reach } from '../../main/apply/cluster.ts';
import { policyFor } from '../../main/apply/conflict-policy.ts';
import { dryRun } from '../../main/apply/dry-run.ts';
import { mapped } from '../../main/apply/mapped.ts';
import { contentsOf, type StageContents } from '../../main/apply/refusal.ts';
import { type Sending, WIDTH } from '../../main/apply/send-apply.ts';
import { isNotFound } from '../../main/kube/errors.ts';
import { getObject } from '../../main/kube/requests.ts';
import type { Stage } from '../../shared/api/types.ts';
import type { ObjectId } from '../../shared/objects/object-id.ts';
import type { PlannedObject } from '../../shared/protocol/tasks.ts';
import type { YamlMap } from '../../shared/yaml/yaml-value.ts';
import { bodyOf, type RenderedStage } from '../build/render-stages.ts';
import { asFolded } from './as-applied.ts';
import { WouldWrite } from './dry-only.ts';
import type { Looked } from './judge-change.ts';

export interface LookOptions {
  /** Whether the server plays the apply through. */
  readonly serverSide: boolean;
  /** Whether what is there, as some StageSet has applied it, may hold secrets. */
  readonly wasSensitive: (id: ObjectId, live: YamlMap) => boolean;
}

/** One stage's objects, each with what is there and what the server would make of it; written is nothing. */
export async function lookAt(
  { stage: name, plan }: RenderedStage,
  stage: Stage,
  earlier: readonly RenderedStage[],
  reach: Reach,
  { serverSide, wasSensitive }: LookOptions,
): Promise<readonly Looked[]> {
  const contents = contentsWith(earlier, plan);
  const sending: Sending = {
    bodyOf: ({ offset, length }) => new Uint8Array(plan.bodies, offset, length),
    policyOf: (object) => policyFor(stage, object),
    mayFold: () => false,
    hasFolded: () => {},
    answer: 'full',
  };
  return mapped(plan.objects, WIDTH, async (planned) => {
    const live = await liveOf(reach, planned);
    const isLeftAlone = planned.ssa === 'Ignore' || (planned.ssa === 'IfNotPresent' && live !== undefined);
    const body = bodyOf(planned, plan.bodies);
    const asked = { planned, body, sending, contents };
    return {
      stage: name,
      planned,
      body,
      live,
      base: live && takenOver(reach, asked, live),
      wasSensitive: live !== undefined && wasSensitive(planned.id, live),
      verdict: serverSide && !isLeftAlone ? await verdictOn(reach, asked) : undefined,
    };
  });
}

/** By the time that a stage is applied, the stages before it are on the cluster. */
function contentsWith(earlier: readonly RenderedStage[], plan: RenderedStage['plan']): StageContents {
  const plans = [...earlier.map((each) => each.plan), plan];
  const defined = plans.flatMap(({ definedKinds }) => definedKinds.map(({ group, kind }) => `${group}/${kind}`));
  return contentsOf(
    plans.flatMap(({ objects }) => objects),
    new Set(defined),
  );
}

interface Asked {
  readonly planned: PlannedObject;
  readonly body: YamlMap;
  readonly sending: Sending;
  readonly contents: StageContents;
}

async function verdictOn(reach: Reach, asked: Asked): Promise<NonNullable<Looked['verdict']>> {
  const { planned, contents } = asked;
  let wouldFold = false;
  const mayFold = () => {
    wouldFold = true;
    return false;
  };
  try {
    const verdict = await dryRun(reach, planned, { ...asked.sending, mayFold }, contents);
    // The controller takes over first what others hold, and asks again.
    if (verdict.is === 'refused' && wouldFold) return { is: 'fine', left: undefined };
    if (verdict.is !== 'fine') return verdict;
    const left = verdict.left as unknown as YamlMap | undefined;
    return { is: 'fine', left: left && takenOver(reach, asked, left) };
  } catch (error) {
    if (error instanceof WouldWrite) return { is: 'fine', left: undefined };
    throw error;
  }
}

function takenOver({ cluster }: Reach, { planned, body, sending }: Asked, object: YamlMap): YamlMap {
  const staysTheirs = planned.ssa === 'Merge' || sending.policyOf(planned).action === 'KeepExisting';
  return staysTheirs ? object : asFolded(object, cluster.live.isOverridden, body);
}

async function liveOf(reach: Reach, planned: PlannedObject): Promise<YamlMap | undefined> {
  const place = await placeOf(reach.cluster, planned);
  if (place === undefined) return undefined;
  try {
    const { as } = mannerOf(reach);
    return await getObject<YamlMap>(reach.cluster.client, { ...place, ...(as !== undefined && { as }) });
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
