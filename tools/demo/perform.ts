import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { systemClock } from '../../src/shared/time/clock.ts';
import { createNamespace } from '../control-plane/namespace.ts';
import { Interrupted, unless } from '../interruption.ts';
import { askingAt, type Desk, openDesk } from '../playground/desk.ts';
import { type Example, readExample } from '../playground/example.ts';
import { type Playground, startPlayground } from '../playground/playground.ts';
import { publishedKinds, publishedObjects } from '../playground/published-objects.ts';
import type { News } from '../show/news.ts';
import type { Show } from '../show/show.ts';
import { next, opening, type View } from '../show/view.ts';
import { watchRollout } from '../show/watch-rollout.ts';
import { type Hands, play, untilTrue } from './act.ts';
import { acts } from './acts.ts';
import { failureReport } from './failure-report.ts';
import { editIsSeen } from './proofs.ts';

const withinMs = 60_000;
const source = 'manifests';
const root = join(import.meta.dirname, '..', '..');

const setUp = {
  title: 'Start a Kubernetes control plane and the controller',
  tells:
    'etcd, the API server, the controller manager and the scheduler are the real ones, started on this machine. ' +
    'kwok plays the node and its pods.',
};

/** Plays all acts on a cluster of their own, and resolves with what there was to be seen. */
export async function perform(show: Show, interrupted: AbortSignal): Promise<View> {
  const desk = await openDesk();
  try {
    const example = askingAt(desk, await readExample(join(root, 'examples', 'shop')));
    return await new Performance(show, example, desk, interrupted).perform();
  } finally {
    await desk.close();
  }
}

class Performance {
  readonly #show: Show;
  readonly #example: Example;
  readonly #desk: Desk;
  readonly #interrupted: AbortSignal;
  readonly #story;
  #view: View;

  constructor(show: Show, example: Example, desk: Desk, interrupted: AbortSignal) {
    this.#show = show;
    this.#example = example;
    this.#desk = desk;
    this.#interrupted = interrupted;
    const options = { refusals: () => desk.refusals, nowMs: () => systemClock.wallMs() };
    this.#story = acts(example.stageSet, example.sources.get(source) ?? {}, options);
    this.#view = opening([setUp, ...this.#story], performance.now());
  }

  async perform(): Promise<View> {
    this.#tell({ is: 'act begun', act: 0 });
    const starting = startPlayground((line) => this.#tell({ is: 'deed', text: line }));
    await using playground = await unless(this.#interrupted, starting);
    const { api } = playground.plane;
    const { namespace = '', name } = this.#example.stageSet.metadata;
    await createNamespace(api, namespace);
    await this.#publish(playground, 'migrations', '1');
    this.#tell({ is: 'act shown', act: 0 });

    const ended = new AbortController();
    const kinds = publishedKinds(this.#example);
    watchRollout(api, { namespace, name, kinds }, (news) => this.#tell(news), ended.signal);
    try {
      await this.#playAll(playground);
    } finally {
      ended.abort();
    }
    return this.#view;
  }

  #tell(news: News): void {
    this.#view = next(this.#view, news, performance.now());
    this.#show.update(this.#view);
  }

  async #playAll(playground: Playground): Promise<void> {
    const signal = AbortSignal.any([this.#interrupted, playground.failed]);
    const hands = this.#handsOn(playground, signal);
    const proven = (text: string) => this.#tell({ is: 'proof', text });
    for (const [index, act] of this.#story.entries()) {
      this.#tell({ is: 'act begun', act: index + 1 });
      await systemClock.sleep(this.#show.leisureMs, signal);
      try {
        await play(act, { hands, withinMs, signal, proven });
      } catch (error) {
        this.#tell({ is: 'act failed', act: index + 1 });
        throw error instanceof Interrupted ? error : await failureReport(act, error, playground);
      }
      this.#tell({ is: 'act shown', act: index + 1 });
      await systemClock.sleep(this.#show.leisureMs, signal);
    }
  }

  #handsOn(playground: Playground, signal: AbortSignal): Hands {
    const { plane } = playground;
    const { apiVersion, kind, metadata } = this.#example.stageSet;
    const { namespace = '', name } = metadata;
    const deed = (text: string) => this.#tell({ is: 'deed', text });
    return {
      api: plane.api,
      publish: async (revision, files) => {
        const sources = new Map([[source, files]]);
        this.#tell({ is: 'published', revision, objects: publishedObjects({ ...this.#example, sources }) });
        await playground.publisher.publish({ namespace, name: source, revision, files });
      },
      roll: async (stageSet) => {
        deed(`StageSet/${name} is created`);
        await plane.api.apply({ ...stageSet });
      },
      edit: async (spec) => {
        await plane.api.patch({ apiVersion, kind, namespace, name }, { spec });
        await untilTrue(editIsSeen, plane.api, { withinMs, signal });
      },
      sayYes: () => {
        deed('somebody says yes');
        this.#desk.sayYes();
      },
      tell: deed,
      stagesetctl: async (args) => {
        const asked = [...args, '-n', namespace];
        deed(`$ stagesetctl ${asked.join(' ')}`);
        const env = { ...process.env, KUBECONFIG: plane.kubeconfigPath };
        const run = promisify(execFile)(join(root, 'bin', 'stagesetctl'), asked, { env, signal });
        const { stdout } = await unless(signal, run);
        this.#tell({ is: 'answer', lines: stdout.trimEnd().split('\n') });
      },
    };
  }

  async #publish({ publisher }: Playground, name: string, revision: string): Promise<void> {
    const { namespace = '' } = this.#example.stageSet.metadata;
    const files = this.#example.sources.get(name) ?? {};
    await publisher.publish({ namespace, name, revision, files });
  }
}
