import type { StageSet } from '../../shared/api/types.ts';
import { conditionOf, isUnseen, titleOf } from './about-set.ts';
import { type Answer, sentences } from './answer.ts';
import { ours } from './commands.ts';
import type { Evidence } from './evidence.ts';
import type { Question } from './question.ts';

/** A waits for B, which waits for C: what keeps C from being Ready is the answer. */
export async function explainDependency({ set, message, evidence }: Question): Promise<Answer> {
  const title = `${titleOf(set)} waits: ${message}`;
  const chain = await chainFrom(set, evidence);
  const last = chain.at(-1);
  if (last === undefined) {
    const next = ['kubectl', 'get', 'stagesets.stages.metio.wtf', '-n', foreignNamespaceOf(set)] as const;
    return { text: sentences(title, 'It goes on by itself as soon as that changes'), next: [...next] };
  }
  const way =
    chain.length > 1 ? `${chain.map(({ metadata }) => `"${metadata.name}"`).join(' waits for ')}, which ` : '';
  return {
    text: sentences(title, `${way === '' ? `"${last.metadata.name}" ` : way}${stateOf(last)}`),
    next: ours(last, 'why'),
  };
}

/** Ready tells of its last run, which may be long ago, or still to come. */
function stateOf(set: StageSet): string {
  const working = conditionOf(set, 'Reconciling');
  if (working?.status === 'True') return `is being rolled out: ${working.message}`;
  const ready = conditionOf(set, 'Ready');
  if (ready === undefined) return 'has not been looked at yet';
  if (isUnseen(set)) return 'waits for a controller: what was asked of it last has not been looked at';
  return `is ${ready.reason}: ${ready.message}`;
}

/** Nobody waits along a longer one; cycles are found by the controller, and end here too. */
const LONGEST = 10;

async function chainFrom(set: StageSet, evidence: Evidence): Promise<readonly StageSet[]> {
  const chain: StageSet[] = [];
  for (let at: StageSet | undefined = await laggingOf(set, evidence); at !== undefined && chain.length < LONGEST; ) {
    chain.push(at);
    at = conditionOf(at, 'Ready')?.reason === 'DependencyNotReady' ? await laggingOf(at, evidence) : undefined;
  }
  return chain;
}

/** The first StageSet that it depends on and that is there, but not Ready. */
async function laggingOf(set: StageSet, evidence: Evidence): Promise<StageSet | undefined> {
  for (const { namespace = set.metadata.namespace ?? '', name } of set.spec.dependsOn ?? []) {
    const found = await evidence.stageSet(namespace, name);
    if (found !== undefined && (isUnseen(found) || conditionOf(found, 'Ready')?.status !== 'True')) return found;
  }
  return undefined;
}

function foreignNamespaceOf({ metadata, spec }: StageSet): string {
  return spec.dependsOn?.find(({ namespace }) => namespace !== undefined)?.namespace ?? metadata.namespace ?? '';
}
