import { seconds } from '../show/seconds.ts';
import type { View } from '../show/view.ts';

/** The last words, once all has come true. */
export function closing({ acts, startedMs }: View, nowMs: number): string {
  const width = Math.max(...acts.map(({ title }) => title.length));
  const shown = acts.map(({ title, standing }) => {
    const took = standing.is === 'shown' ? seconds(standing.tookMs) : '';
    return `  ✔ ${title.padEnd(width)}  ${took.padStart(7)}`;
  });
  return `
All of this happened on a real Kubernetes API server, in ${seconds(nowMs - startedMs)}:

${shown.join('\n')}

Nothing of it is left behind. Try next:

  npm run dev    keeps such a cluster up; change a file in examples/ and watch
  npm test       everything that the controller promises, tested
`;
}
