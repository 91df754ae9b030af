import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { mapped } from '../../src/main/apply/mapped.ts';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { WIDTH } from '../harness/await-each.ts';
import type { Bench } from '../harness/bench.ts';
import { look, loopDelayMs, tasksIn } from '../harness/controller-metrics.ts';
import { createAndAwait, publishFleet } from '../harness/fleet.ts';
import { untilIdle } from '../harness/idle.ts';
import { milliseconds, percent, quantile, type Row } from '../harness/report.ts';
import { openSite, type Site } from '../harness/site.ts';
import type { AskAnswer, AskQuestion } from './ask.ts';

const PER_SECOND = 1_000;
const SECONDS = 20;
const NAMESPACE = 'builders';

export const gate: Bench = {
  about: `the gate, asked ${PER_SECOND} times a second while every worker is busy: how soon it answers`,
  usual: { stageSets: 100, objects: 1, stuck: 24 },

  async run({ stageSets, objects, stuck, concurrent }) {
    await using site = await openSite();
    const controller = await site.startController([
      `--concurrent=${concurrent}`,
      `--workers=${availableParallelism()}`,
    ]);
    const fleet = await publishFleet(site, { stageSets, objects });
    await createAndAwait(site, fleet);
    await untilIdle();
    const question = {
      origin: controller.originOf('gate'),
      paths: fleet.stageSets.map((name) => `/gate/${fleet.namespace}/${name}/app`),
    };
    const idle = await ask(question);

    await keepBuilding(site, stuck);
    const { threads, limit } = await untilBusy(() => controller.metrics());
    const before = await look(controller);
    const sampling = sampleTasks(() => controller.metrics());
    const busy = await ask(question);
    const samples = await sampling.end();
    const after = await look(controller);
    const bare = await askBareServer(question.paths);

    const allBusy = samples.filter(({ running, limit: most }) => running >= most).length / samples.length;
    const figures = {
      stageSets,
      builders: stuck,
      perSecond: PER_SECOND,
      threads,
      limit,
      allBusy,
      askedPerSecond: busy.askedPerSecond,
      ...quantilesOf('busy', busy),
      ...quantilesOf('idle', idle),
      ...quantilesOf('bare', bare),
      loopDelayP99Ms: loopDelayMs(before, after, 0.99),
    };
    const wrong = [idle, busy, bare].reduce((sum, answer) => sum + answer.wrong, 0);
    return {
      title: `gate: ${PER_SECOND} requests a second about ${stageSets} StageSets for ${SECONDS} s, beside ${stuck} that build and build`,
      rows: [
        ...rowsOf('workers busy', busy),
        ...rowsOf('workers idle', idle),
        ...rowsOf('a bare server beside busy workers', bare),
        ['busy ÷ bare, p99', (quantile(busy.sinceDueMs, 0.99) / quantile(bare.sinceDueMs, 0.99)).toFixed(2)],
        [
          'all workers busy',
          percent(allBusy),
          `of ${samples.length} looks; ${limit} tasks at most, ${threads} threads`,
        ],
        ['event loop delay, p99', milliseconds(figures.loopDelayP99Ms)],
      ],
      figures,
      wrong: wrong === 0 ? [] : [`${wrong} answers were not 200`],
    };
  },
};

function quantilesOf(when: string, { sinceDueMs, sinceSentMs }: AskAnswer): Readonly<Record<string, number>> {
  return {
    [`${when}P50Ms`]: quantile(sinceDueMs, 0.5),
    [`${when}P99Ms`]: quantile(sinceDueMs, 0.99),
    [`${when}MaxMs`]: quantile(sinceDueMs, 1),
    [`${when}SinceSentP99Ms`]: quantile(sinceSentMs, 0.99),
  };
}

function rowsOf(when: string, { sinceDueMs, sinceSentMs, askedPerSecond }: AskAnswer): readonly Row[] {
  const [p50, max, sent] = [quantile(sinceDueMs, 0.5), quantile(sinceDueMs, 1), quantile(sinceSentMs, 0.99)];
  const note = `p50 ${milliseconds(p50)}, longest ${milliseconds(max)}; since it was sent ${milliseconds(sent)}; ${Math.round(askedPerSecond)} a second`;
  return [[`${when}, p99`, milliseconds(quantile(sinceDueMs, 0.99)), note]];
}

const run = promisify(execFile);

async function ask(question: Pick<AskQuestion, 'origin' | 'paths'>): Promise<AskAnswer> {
  const whole: AskQuestion = { ...question, perSecond: PER_SECOND, seconds: SECONDS };
  const { stdout } = await run(process.execPath, [join(import.meta.dirname, 'ask.ts'), JSON.stringify(whole)], {
    maxBuffer: 2 ** 26,
  });
  return JSON.parse(stdout);
}

/** What the machine itself leaves to a server now. */
async function askBareServer(paths: readonly string[]): Promise<AskAnswer> {
  const server = createServer((_request, response) => response.end('ready\n')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    return await ask({ origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, paths });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** StageSets whose build is long, fails in the end, and begins anew: workers are busy, and the API server is not. */
async function keepBuilding({ plane, publisher, createNamespace }: Site, count: number): Promise<void> {
  await createNamespace(NAMESPACE);
  const names = Array.from({ length: count }, (_, i) => `builder-${i}`);
  const kustomization = 'resources: [all.yaml]\nnamePrefix: x-\ncommonLabels: {owner: bench}\n';
  const deployments = Array.from({ length: 6_000 }, (_, i) => deploymentYaml(`app-${i}`)).join('---\n');
  const files = { 'kustomization.yaml': kustomization, 'all.yaml': `${deployments}---\n${undefinedVariable}` };
  await publisher.publish({ namespace: NAMESPACE, name: 'trees', files });
  await mapped(names, WIDTH, (name) =>
    plane.api.create({
      apiVersion: 'stages.metio.wtf/v1',
      kind: 'StageSet',
      metadata: { namespace: NAMESPACE, name },
      spec: {
        interval: '1h',
        retryInterval: '1s',
        stages: [{ name: 'app', sourceRef: { name: 'trees' }, postBuild: { substitute: { name } } }],
      },
    }),
  );
}

const undefinedVariable = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: last}\ndata: {key: "\${nobody_says}"}\n`;

function deploymentYaml(name: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  selector:
    matchLabels: {app: ${name}}
  template:
    metadata:
      labels: {app: ${name}}
    spec:
      containers:
        - name: app
          image: nginx:1
`;
}

type Tasks = ReturnType<typeof tasksIn>;

async function untilBusy(metrics: () => Promise<string>): Promise<Tasks> {
  return await eventually(
    async () => {
      const tasks = tasksIn(await metrics());
      if (tasks.running < tasks.limit || tasks.queued === 0) throw new Error(`not busy: ${JSON.stringify(tasks)}`);
      return tasks;
    },
    { timeoutMs: 60_000, everyMs: 500 },
  );
}

function sampleTasks(metrics: () => Promise<string>): { end(): Promise<readonly Tasks[]> } {
  const samples: Tasks[] = [];
  const over = new AbortController();
  const sampled = (async () => {
    while (!over.signal.aborted) {
      samples.push(tasksIn(await metrics()));
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  })();
  return {
    async end() {
      over.abort();
      await sampled;
      return samples;
    },
  };
}
