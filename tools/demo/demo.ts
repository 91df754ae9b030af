// `npm run demo`: a story told on a real control plane. Every act must come true on the API server, else it ends with 1.
import { join } from 'node:path';
import { systemClock } from '../../src/shared/time/clock.ts';
import { createNamespace } from '../control-plane/namespace.ts';
import { Interrupted, interruption, unless } from '../interruption.ts';
import { readExample } from '../playground/example.ts';
import { type Playground, startPlayground } from '../playground/playground.ts';
import { publishedKinds, publishedObjects } from '../playground/published-objects.ts';
import type { News } from '../show/news.ts';
import { openShow } from '../show/open-show.ts';
import { next, opening } from '../show/view.ts';
import { watchRollout } from '../show/watch-rollout.ts';
import { type Hands, play } from './act.ts';
import { acts } from './acts.ts';
import { closing } from './closing.ts';
import { failureReport } from './failure-report.ts';

const withinMs = 60_000;
const setUp = {
  title: 'Start a Kubernetes control plane and the controller',
  tells:
    'etcd, the API server, the controller manager and the scheduler are the real ones, started on this machine. ' +
    'kwok plays the node and its pods.',
};

const interrupted = interruption();
const example = await readExample(join(import.meta.dirname, '..', '..', 'examples', 'shop'));
const { namespace = '', name } = example.stageSet.metadata;
const source = 'manifests';
const story = acts(example.stageSet, example.sources.get(source) ?? {});
const show = openShow(process.stdout, process.env);
let view = opening([setUp, ...story], performance.now());

try {
  await perform();
  show.close();
  process.stdout.write(closing(view, performance.now()));
  process.exit(0);
} catch (error) {
  show.close();
  if (error instanceof Interrupted) process.exit(error.exitCode);
  process.stderr.write(`\n✖ ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

function tell(news: News): void {
  view = next(view, news, performance.now());
  show.update(view);
}

async function perform(): Promise<void> {
  tell({ is: 'act begun', act: 0 });
  const starting = startPlayground((line) => tell({ is: 'deed', text: line }));
  await using playground = await unless(interrupted, starting);
  await createNamespace(playground.plane.api, namespace);
  tell({ is: 'act shown', act: 0 });

  const ended = new AbortController();
  watchRollout(playground.plane.api, { namespace, name, kinds: publishedKinds(example) }, tell, ended.signal);
  try {
    await playAll(playground);
  } finally {
    ended.abort();
  }
}

async function playAll(playground: Playground): Promise<void> {
  const signal = AbortSignal.any([interrupted, playground.failed]);
  const hands = handsOn(playground);
  const proven = (text: string) => tell({ is: 'proof', text });
  for (const [index, act] of story.entries()) {
    tell({ is: 'act begun', act: index + 1 });
    await systemClock.sleep(show.leisureMs, signal);
    try {
      await play(act, { hands, withinMs, signal, proven });
    } catch (error) {
      tell({ is: 'act failed', act: index + 1 });
      throw error instanceof Interrupted ? error : await failureReport(act, error, playground);
    }
    tell({ is: 'act shown', act: index + 1 });
    await systemClock.sleep(show.leisureMs, signal);
  }
}

function handsOn({ plane: { api }, publisher }: Playground): Hands {
  return {
    api,
    async publish(revision, files) {
      const sources = new Map([[source, files]]);
      tell({ is: 'published', revision, objects: publishedObjects({ ...example, sources }) });
      await publisher.publish({ namespace, name: source, revision, files });
    },
    async roll(stageSet) {
      tell({ is: 'deed', text: `StageSet/${name} is created` });
      await api.apply({ ...stageSet });
    },
    tell: (text) => tell({ is: 'deed', text }),
  };
}
