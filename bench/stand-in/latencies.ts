import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AuditedRequest, whatOf } from '../harness/audit-log.ts';
import { quantile } from '../harness/report.ts';

/** By `patch configmaps (dry run)` and the like: how long a real API server took, at each twentieth of its requests. */
export type Latencies = Readonly<Record<string, readonly number[]>>;

const file = join(import.meta.dirname, 'latencies.json');
const fromRoot = 'bench/stand-in/latencies.json';
const TWENTIETHS = Array.from({ length: 21 }, (_, i) => i / 20);
/** Fewer say little of what is usual. */
const ENOUGH = 20;

export function latenciesOf(requests: readonly AuditedRequest[]): Latencies {
  const byWhat = [...Map.groupBy(requests, whatOf)].filter(([, same]) => same.length >= ENOUGH);
  const rows = byWhat.map(([what, same]): [string, readonly number[]] => {
    const allMs = same.map((each) => wallMs(each.stageTimestamp) - wallMs(each.requestReceivedTimestamp));
    return [what, TWENTIETHS.map((share) => Number(quantile(allMs, share).toFixed(3)))];
  });
  return Object.fromEntries(rows.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** With the microseconds that the server writes, and Date leaves out. */
function wallMs(time: string): number {
  return Date.parse(time) + Number(time.slice(23, 26)) / 1_000;
}

export async function saveLatencies(latencies: Latencies): Promise<string> {
  const lines = Object.entries(latencies).map(([what, ms]) => `  ${JSON.stringify(what)}: ${JSON.stringify(ms)}`);
  await writeFile(file, `{\n${lines.join(',\n').replaceAll(',', ', ').replaceAll(', \n', ',\n')}\n}\n`);
  return fromRoot;
}

export async function readLatencies(): Promise<Latencies> {
  return JSON.parse(await readFile(file, 'utf8'));
}

/** How long a request is to take. One that was never recorded takes as long as a usual one. */
export function latencyOf(latencies: Latencies, what: string, chance: number): number {
  const all = latencies[what] ?? Object.values(latencies)[0] ?? [];
  return all[Math.floor(chance * all.length)] ?? 0;
}
