import type { StageSetSpec, UpdateWindow } from '../../../shared/api/types.ts';
import { defined } from '../imported.ts';
import type { Input } from '../input.ts';
import type { Destination } from './destination.ts';
import { ofProject, ofWindow } from './leave.ts';

/** What windows choose Applications by. */
interface Chosen {
  readonly name: string;
  readonly destination: Destination;
}

/** Closed, they hold back every sync of Argo CD's, and so everything here. */
export function windowsOf(project: Input, chosen: Chosen): Pick<StageSetSpec, 'updateWindows' | 'windowScope'> {
  for (const field of ['apiVersion', 'kind', 'metadata', 'status']) project.take(field);
  const spec = project.part('spec');
  spec?.leaveAll(ofProject);
  const updateWindows = (spec?.parts('syncWindows') ?? []).flatMap((window) => windowOf(window, chosen) ?? []);
  return updateWindows.length > 0 ? { updateWindows, windowScope: 'All' } : {};
}

function windowOf(window: Input, chosen: Chosen): UpdateWindow | undefined {
  window.take('syncOverrun'); // so anyway: a window that closes stops no run
  const isMeant = means(window, chosen);
  if (!isMeant) {
    for (const field of window.fields()) window.take(field);
    return undefined;
  }
  window.leaveAll(ofWindow);
  return {
    type: window.text('kind') === 'allow' ? 'Allow' : 'Deny',
    ...defined({
      schedule: window.text('schedule'),
      duration: window.text('duration'),
      timeZone: window.text('timeZone'),
    }),
  };
}

function means(window: Input, { name, destination: { namespace, server, cluster } }: Chosen): boolean {
  const answers = [
    { patterns: window.texts('applications'), values: [name] },
    { patterns: window.texts('namespaces'), values: [namespace ?? ''] },
    { patterns: window.texts('clusters'), values: [server ?? '', cluster ?? ''] },
  ]
    .filter(({ patterns }) => patterns.length > 0)
    .map(({ patterns, values }) => patterns.some((pattern) => values.some((value) => matches(value, pattern))));
  if (window.bool('andOperator')) return answers.length > 0 && answers.every(Boolean);
  return answers.some(Boolean);
}

/** `*` and `?` as in the names of files. */
function matches(value: string, pattern: string): boolean {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(value);
}
