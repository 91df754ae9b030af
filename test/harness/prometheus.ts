import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { freePort } from '../../tools/control-plane/free-port.ts';
import { oracleBinary, prometheusOracle } from '../../tools/oracles/oracle-binary.ts';
import type { RuleGroup } from '../support/alert-rules.ts';

export interface Target {
  readonly job: string;
  /** `127.0.0.1:<port>`, whose /metrics is scraped. */
  readonly address: string;
  /** What a ServiceMonitor would put on its series. */
  readonly labels: Readonly<Record<string, string>>;
}

export interface Prometheus {
  /** What the expression gives now. */
  query(expr: string): Promise<readonly Series[]>;
  /** By group and name. */
  alertingRules(): Promise<readonly AlertingRule[]>;
}

export interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface AlertingRule {
  readonly group: string;
  readonly name: string;
  readonly state: 'inactive' | 'pending' | 'firing';
  /** Why it could not be evaluated. */
  readonly lastError?: string;
  readonly alerts: readonly {
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  }[];
}

/** The real one, which scrapes and judges every second until the test ends. */
export async function startPrometheus(
  t: TestContext,
  { targets, groups }: { readonly targets: readonly Target[]; readonly groups: readonly RuleGroup[] },
): Promise<Prometheus> {
  const binary = await oracleBinary(prometheusOracle);
  const folder = await mkdtemp(join(tmpdir(), 'prometheus-'));
  const port = await freePort();
  const config = {
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    rule_files: [join(folder, 'rules.json')],
    scrape_configs: Object.entries(Object.groupBy(targets, ({ job }) => job)).map(([job, own = []]) => ({
      job_name: job,
      honor_labels: true,
      static_configs: own.map(({ address, labels }) => ({ targets: [address], labels })),
    })),
  };
  // YAML that is JSON.
  await writeFile(join(folder, 'prometheus.json'), JSON.stringify(config));
  await writeFile(join(folder, 'rules.json'), JSON.stringify({ groups }));
  const child = spawn(
    binary,
    [
      `--config.file=${join(folder, 'prometheus.json')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=warn',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const endChild = () => child.kill('SIGKILL');
  process.once('exit', endChild);
  t.after(async () => {
    process.off('exit', endChild);
    await ended(child);
    await rm(folder, { recursive: true, force: true });
  });
  const ask = async <T>(path: string): Promise<T> => {
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/${path}`);
    const { status, data, error } = (await answer.json()) as { status: string; data: T; error?: string };
    if (status !== 'success') throw new Error(`${path}: ${error}`);
    return data;
  };
  await eventually(async () => {
    if (child.exitCode !== null) throw new Error(`Prometheus ended with ${child.exitCode}: ${said}`);
    if (!(await fetch(`http://127.0.0.1:${port}/-/ready`)).ok) throw new Error(`Prometheus is not ready: ${said}`);
  });
  return {
    async query(expr) {
      const { result } = await ask<{ result: readonly RawSeries[] }>(`query?${new URLSearchParams({ query: expr })}`);
      return result.map(({ metric, value: [, value] }) => ({ metric, value: Number(value) }));
    },
    async alertingRules() {
      const { groups: told } = await ask<{ groups: readonly RawGroup[] }>('rules?type=alert');
      return told.flatMap(({ name: group, rules }) => rules.map((rule) => ({ ...rule, group })));
    },
  };
}

interface RawSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [timestamp: number, value: string];
}

interface RawGroup {
  readonly name: string;
  readonly rules: readonly Omit<AlertingRule, 'group'>[];
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}
