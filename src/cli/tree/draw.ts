import { parseObjectId } from '../../shared/objects/object-id.ts';
import type { Terminal, Tone } from '../output/terminal.ts';
import { cutTo, oneLine, widthOf } from '../output/text-width.ts';
import { messageOf, type OwnedObject, type Standing, words } from '../owned/owned-object.ts';
import type { SetTree, StageTree } from './tree.ts';

interface Line {
  /** Branches, and what hangs on them. */
  readonly label: string;
  readonly state: string;
  readonly tone: Tone | undefined;
  readonly says: string;
}

interface Twig extends Line {
  readonly twigs: readonly Twig[];
}

const GAP = '   ';

/** A line for each stage and object: what it is, how it stands, and what it says about that. */
export function drawTree(tree: SetTree, terminal: Pick<Terminal, 'columns' | 'paint'>): string {
  const lines = linesOf(twigOfSet(tree));
  const labels = Math.max(...lines.map(({ label }) => widthOf(label)));
  const states = Math.max(...lines.map(({ state }) => widthOf(state)));
  const room = terminal.columns === undefined ? undefined : terminal.columns - labels - states - 2 * GAP.length;
  const text = lines.map(({ label, state, tone, says }) => {
    const cells = [padded(label, labels), terminal.paint(padded(state, says === '' ? 0 : states), tone)];
    const last = room === undefined ? says : cutTo(says, Math.max(room, LEAST));
    return [...cells, ...(says === '' ? [] : [last])].join(GAP).trimEnd();
  });
  const limits = tree.unread.length === 0 ? [] : ['', `Not all could be looked at: ${tree.unread.join(', ')}.`];
  return `${[...text, ...limits].join('\n')}\n`;
}

/** A message that is cut keeps so much. */
const LEAST = 8;

function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

function linesOf({ twigs, ...line }: Twig, indent = ''): readonly Line[] {
  const below = twigs.flatMap((twig, i) => {
    const isLast = i === twigs.length - 1;
    const [own, ...rest] = linesOf(twig, `${indent}${isLast ? '   ' : '│  '}`);
    return own === undefined ? [] : [{ ...own, label: `${indent}${isLast ? '└─ ' : '├─ '}${own.label}` }, ...rest];
  });
  return [line, ...below];
}

function twigOfSet({ set, stages }: SetTree): Twig {
  const { namespace = '', name } = set.metadata;
  const ready = set.status?.conditions?.find(({ type }) => type === 'Ready');
  return {
    label: `StageSet ${namespace}/${name}`,
    state: ready?.status === 'True' ? 'Ready' : (ready?.reason ?? 'Unknown'),
    tone: ready?.status === 'True' ? 'good' : 'bad',
    says: oneLine(ready?.message ?? ''),
    twigs: stages.map((stage) => twigOfStage(stage, namespace)),
  };
}

function twigOfStage({ name, status, objects }: StageTree, home: string): Twig {
  const phase = status?.phase ?? 'Pending';
  const tones: Readonly<Partial<Record<typeof phase, Tone>>> = { Ready: 'good', Failed: 'bad' };
  return {
    label: `Stage ${name}`,
    state: phase,
    tone: tones[phase] ?? 'doubtful',
    says: oneLine(phase === 'Failed' ? '' : status?.message || status?.appliedRevision || ''),
    twigs: objects.map((object) => twigOfObject(object, home)),
  };
}

function twigOfObject({ id, standing, children }: OwnedObject, home: string): Twig {
  const { namespace = '', name = id, kind = '' } = parseObjectId(id) ?? {};
  const where = namespace === home || namespace === '' ? name : `${namespace}/${name}`;
  return {
    label: `${kind} ${where}`,
    state: words[standing.is],
    tone: tones[standing.is],
    says: oneLine(messageOf(standing)),
    twigs: children.map((child) => twigOfObject(child, namespace)),
  };
}

const tones: Readonly<Record<Standing['is'], Tone>> = {
  current: 'good',
  inProgress: 'doubtful',
  failed: 'bad',
  terminating: 'doubtful',
  unknown: 'doubtful',
  missing: 'bad',
  unread: 'faint',
};
