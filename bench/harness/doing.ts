import type { ControllerProcess } from '../../test/harness/controller.ts';
import { type AuditedRequest, countByVerb, countByWhat } from './audit-log.ts';
import { type Look, look, loopDelayMs } from './controller-metrics.ts';
import { mebibytes, milliseconds, type Row, seconds } from './report.ts';
import type { Site } from './site.ts';

/** What the controller did, and what it cost, while something went on. */
export interface Doing {
  readonly before: Look;
  readonly after: Look;
  readonly sent: readonly AuditedRequest[];
}

/** The controller's requests are counted until it rests. */
export async function during<T>(
  site: Site,
  controller: ControllerProcess,
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly doing: Doing }> {
  const audit = await site.audit();
  const before = await look(controller);
  const result = await work();
  const after = await look(controller);
  return { result, doing: { before, after, sent: await audit.requests() } };
}

export function figuresOf({ before, after, sent }: Doing, stageSets: number) {
  const cpuMs = after.cpuMs - before.cpuMs;
  return {
    requests: sent.length,
    requestsPerStageSet: sent.length / stageSets,
    requestsByVerb: countByVerb(sent),
    requestsByWhat: countByWhat(sent),
    cpuMs,
    cpuMsPerStageSet: cpuMs / stageSets,
    peakBytes: after.peakBytes,
    peakBytesBefore: before.peakBytes,
    loopDelayP50Ms: loopDelayMs(before, after, 0.5),
    loopDelayP99Ms: loopDelayMs(before, after, 0.99),
  };
}

export function rowsOf(figures: ReturnType<typeof figuresOf>): readonly Row[] {
  return [
    ['requests', String(figures.requests), `${figures.requestsPerStageSet.toFixed(1)} a StageSet`],
    ...Object.entries(figures.requestsByWhat).map(([what, count]) => [`  ${what}`, String(count)] as const),
    ['controller CPU', seconds(figures.cpuMs), `${milliseconds(figures.cpuMsPerStageSet)} a StageSet`],
    ['peak memory', mebibytes(figures.peakBytes), `${mebibytes(figures.peakBytesBefore)} before`],
    ['event loop delay, p50', milliseconds(figures.loopDelayP50Ms)],
    ['event loop delay, p99', milliseconds(figures.loopDelayP99Ms)],
  ];
}
