import { eventually } from '../tools/control-plane/eventually.ts';
import { type AuditedRequest, countByWhat } from './harness/audit-log.ts';
import { awaitEach } from './harness/await-each.ts';
import type { Bench, Sizes } from './harness/bench.ts';
import { type Look, look, loopDelayMs, nothingYet } from './harness/controller-metrics.ts';
import { during } from './harness/doing.ts';
import { assertDelivered, createAndAwait, type Fleet, isReadyNow, publishFleet } from './harness/fleet.ts';
import { untilIdle } from './harness/idle.ts';
import { mebibytes, milliseconds, type Row, seconds } from './harness/report.ts';
import { openSite, type Site } from './harness/site.ts';

const PATIENCE = { timeoutMs: 600_000, everyMs: 200 };

export const restart: Bench = {
  about: 'the controller starts anew: what it writes, and how long a StageSet waits that is edited just then',

  async run(sizes) {
    const without = await measureRestart(sizes, { withSecret: false });
    const withSecrets = await measureRestart(sizes, { withSecret: true });
    const { stageSets, objects, concurrent } = sizes;
    return {
      title: `restart: ${stageSets} StageSets × ${objects} ConfigMaps, --concurrent=${concurrent}`,
      rows: [...rowsOf('', without), ...rowsOf('with a Secret each: ', withSecrets)],
      figures: { stageSets, objects, concurrent, without: figuresOf(without), withSecrets: figuresOf(withSecrets) },
      wrong: [...wrongIn(without, 0), ...wrongIn(withSecrets, stageSets)],
    };
  },
};

interface Restart {
  /** How long it took until the program was ready. */
  readonly startMs: number;
  /** From then on, until every StageSet had been looked at. */
  readonly allMs: number;
  /** From its edit to Ready. */
  readonly editedMs: number;
  readonly edited: string;
  readonly after: Look;
  readonly sent: readonly AuditedRequest[];
}

async function measureRestart(sizes: Sizes, { withSecret }: Pick<Fleet, 'withSecret'>): Promise<Restart> {
  const { stageSets, objects, concurrent } = sizes;
  await using site = await openSite();
  const fleet = await publishFleet(site, { stageSets, objects, withSecret });
  const flags = [`--concurrent=${concurrent}`];
  const first = await site.startController(flags);
  await during(site, first, () => createAndAwait(site, fleet)); // and is at rest again
  await first.kill('SIGTERM');
  await untilIdle();

  const audit = await site.audit();
  const startedMs = performance.now();
  const second = await site.startController(flags);
  const readyMs = performance.now();
  const edited = fleet.stageSets.at(-1) ?? '';
  const editedMs = await editAndAwait(site, fleet, edited);
  await eventually(async () => {
    const { runs } = await look(second);
    if (runs < stageSets) throw new Error(`${stageSets - runs} StageSets have not been looked at`);
  }, PATIENCE);
  const allMs = performance.now() - readyMs;
  const sent = await audit.requests();
  const after = await look(second);
  await assertDelivered(site, fleet);
  return { startMs: readyMs - startedMs, allMs, editedMs, edited, after, sent };
}

async function editAndAwait({ plane, ...site }: Site, { namespace }: Fleet, name: string): Promise<number> {
  const ref = { apiVersion: 'stages.metio.wtf/v1', kind: 'StageSet', namespace, name };
  const { wallMs } = await awaitEach(
    { plane, ...site },
    { namespace, stageSets: [name] },
    (set) => set.metadata.generation === 2 && isReadyNow(set),
    async () => void (await plane.api.patch(ref, { spec: { interval: '2h' } })),
  );
  return wallMs;
}

function figuresOf({ startMs, allMs, editedMs, after, sent }: Restart) {
  return {
    startMs,
    allMs,
    editedMs,
    requests: sent.length,
    requestsByWhat: countByWhat(sent),
    cpuMs: after.cpuMs,
    peakBytes: after.peakBytes,
    loopDelayP99Ms: loopDelayMs(nothingYet, after, 0.99),
  };
}

function rowsOf(prefix: string, restart: Restart): readonly Row[] {
  const { startMs, allMs, editedMs, requests, requestsByWhat, cpuMs, peakBytes, loopDelayP99Ms } = figuresOf(restart);
  return [
    [`${prefix}ready`, seconds(startMs), 'the program, from its start'],
    [`${prefix}edited StageSet Ready`, seconds(editedMs), 'from its edit, just after that'],
    [`${prefix}all looked at`, seconds(allMs), 'from when the program was ready'],
    [`${prefix}requests`, String(requests)],
    ...Object.entries(requestsByWhat).map(([what, count]) => [`  ${what}`, String(count)] as const),
    [`${prefix}controller CPU`, seconds(cpuMs)],
    [`${prefix}peak memory`, mebibytes(peakBytes)],
    [`${prefix}event loop delay, p99`, milliseconds(loopDelayP99Ms)],
  ];
}

/** Each Secret is applied once; the edited StageSet gets its status and its event. */
function wrongIn({ sent, edited }: Restart, secrets: number): readonly string[] {
  const writes = sent.filter(({ verb }) => verb !== 'get' && verb !== 'list');
  // Nobody remembers what the Secret of the edited one was like before, so the server is shown it first.
  const isShown = ({ requestURI }: AuditedRequest) => requestURI.includes('dryRun=All');
  const ofSecrets = writes.filter((each) => each.objectRef?.resource === 'secrets' && !isShown(each));
  const others = writes.filter(
    ({ objectRef }) => !['secrets', 'events'].includes(objectRef?.resource ?? '') && objectRef?.name !== edited,
  );
  return [
    ...(ofSecrets.length === secrets ? [] : [`${ofSecrets.length} writes of ${secrets} Secrets`]),
    ...Object.entries(countByWhat(others)).map(([what, count]) => `${what}: ${count}, though nothing had changed`),
  ];
}
