import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { contentTypes, type Format } from '../../src/main/metrics/exposition.ts';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { type Family, parseExposition } from '../support/exposition.ts';

/** The real controller, in a process of its own. */
export interface ControllerProcess {
  readonly pid: number;
  /** What it has logged so far, a JSON line each. */
  readonly log: string;
  /** What came on standard error. */
  readonly errors: string;
  readonly exited: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  /** Where it serves this: it has bound to a free port and said which. */
  originOf(server: string): string;
  metrics(signal?: AbortSignal): Promise<string>;
  /** The same, asked for by its content type and read strictly. */
  scrape(format: Format): Promise<ReadonlyMap<string, Family>>;
  kill(signal?: NodeJS.Signals): Promise<void>;
}

/** As users start it; it turns into the controller's own process. */
const program = join(import.meta.dirname, '..', '..', 'bin', 'stageset-controller');

const started: ControllerProcess[] = [];

/** All that this process has started, those that have ended included. */
export const startedControllers: readonly ControllerProcess[] = started;

/**
 * Resolves when it is ready. It ends with this process at the latest.
 * `under` is a command that turns into the one behind it, such as `env A=B`.
 */
export async function startController(
  kubeconfigPath: string,
  flags: readonly string[] = [],
  under: readonly string[] = [],
): Promise<ControllerProcess> {
  const [command = program, ...prefix] = [...under, program];
  const child = spawn(
    command,
    [
      ...prefix,
      `--kubeconfig=${kubeconfigPath}`,
      '--allow-loopback-artifacts',
      '--allowed-action-hosts=127.0.0.1', // where servers of tests are
      '--allowed-action-hosts=*',
      '--metrics-bind-address=127.0.0.1:0',
      '--health-probe-bind-address=127.0.0.1:0',
      '--gate-bind-address=127.0.0.1:0',
      '--enable-webhook=false', // its port is one for all on this machine
      '--log-level=debug',
      ...flags,
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const endChild = () => child.kill('SIGKILL');
  process.once('exit', endChild);
  let log = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
    process.stderr.write(text);
  });
  const exited = once(child, 'exit').then(([code, signal]) => {
    process.off('exit', endChild);
    return { code, signal };
  });
  const running: ControllerProcess = {
    pid: child.pid ?? 0,
    get log() {
      return log;
    },
    get errors() {
      return errors;
    },
    exited,
    originOf: (server) => `http://127.0.0.1:${portOf(server, log)}`,
    metrics: async (signal) => {
      return (await fetch(`${running.originOf('metrics')}/metrics`, { signal: signal ?? null })).text();
    },
    scrape: async (format) => {
      const headers = { accept: contentTypes[format] };
      const answer = await fetch(`${running.originOf('metrics')}/metrics`, { headers });
      assert.equal(answer.headers.get('content-type'), contentTypes[format]);
      return parseExposition(await answer.text(), format);
    },
    kill: async (signal = 'SIGKILL') => {
      child.kill(signal);
      await exited;
    },
  };
  started.push(running);
  const gone = new AbortController();
  exited.then(({ code }) => gone.abort(new Error(`the controller ended with ${code}: ${log}`)));
  await eventually(() => assertReady(log), { unless: gone.signal });
  return running;
}

function assertReady(log: string): void {
  if (!log.includes('"msg":"ready"')) throw new Error(`the controller is not ready: ${log}`);
}

function portOf(server: string, log: string): number {
  return Number(new RegExp(`"msg":"serving ${server}".*?"port":(\\d+)`).exec(log)?.[1]);
}
