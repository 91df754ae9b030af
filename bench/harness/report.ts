import { mkdir, writeFile } from 'node:fs/promises';
import { arch, cpus, platform } from 'node:os';

/** What a figure is, the figure, and how to read it. */
export type Row = readonly [label: string, value: string, note?: string];

export interface Report {
  readonly title: string;
  readonly rows: readonly Row[];
  /** The same for programs. */
  readonly figures: Readonly<Record<string, unknown>>;
  /** Counts that are not as they should be: such a bench fails. */
  readonly wrong?: readonly string[];
}

/** Values to the right, so that digits stand below digits. */
export function table({ title, rows }: Report): string {
  const labels = Math.max(...rows.map(([label]) => label.length));
  const values = Math.max(...rows.map(([, value]) => value.length));
  const lines = rows.map(([label, value, note = '']) =>
    `  ${label.padEnd(labels)}  ${value.padStart(values)}  ${note}`.trimEnd(),
  );
  return [title, '', ...lines].join('\n');
}

/** Resolves with the file's path. */
export async function save(bench: string, { title, figures }: Report): Promise<string> {
  const at = new Date().toISOString();
  const file = `bench/out/${bench}-${at.replaceAll(':', '-')}.json`;
  const machine = { platform: platform(), arch: arch(), cpus: cpus().length, node: process.version };
  await mkdir('bench/out', { recursive: true });
  await writeFile(file, `${JSON.stringify({ bench, title, at, machine, ...figures }, null, 2)}\n`);
  return file;
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(Math.ceil(sorted.length * share) - 1, 0)] ?? Number.NaN;
}

export function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(2)} s`;
}

export function milliseconds(ms: number): string {
  return `${ms.toFixed(1)} ms`;
}

export function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MiB`;
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
