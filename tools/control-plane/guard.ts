import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Command, Exit, FromGuard, ToGuard } from './guard-messages.ts';

/**
 * A temporary folder and processes that last no longer than this process, however it ends.
 * Promises: after `close`, or after this process died, no such process and no folder is left.
 * Needs: `close` to be called, else this process stays up.
 */
export interface Guard extends AsyncDisposable {
  readonly dir: string;
  readonly pid: number;
  start(command: Command): Promise<GuardedProcess>;
  close(): Promise<void>;
}

export interface GuardedProcess {
  readonly pid: number;
  readonly exited: Promise<Exit>;
  /** Reaches the process and whatever it started; nothing happens once it has ended. */
  signal(signal: NodeJS.Signals): void;
}

export interface GuardOptions {
  /** Where the folder is made; the system's temporary folder when absent. */
  readonly parentDir?: string;
  readonly prefix?: string;
}

interface Listener {
  started(pid: number): void;
  failed(error: Error): void;
  exited(exit: Exit): void;
}

export async function openGuard({ parentDir = tmpdir(), prefix = 'stageset-' }: GuardOptions = {}): Promise<Guard> {
  const guard = spawn(
    process.execPath,
    [fileURLToPath(new URL('./guard-process.ts', import.meta.url)), parentDir, prefix],
    {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      detached: true, // a terminal's Ctrl-C is for us; the guard hears of it when we are gone
    },
  );
  const listeners = new Map<number, Listener>();
  const dir = await untilReady(guard);
  guard.on('message', (message: FromGuard) => dispatch(message, listeners));
  guard.once('exit', () => {
    const gone: Exit = { code: null, signal: 'SIGKILL' };
    for (const listener of listeners.values()) listener.exited(gone);
  });
  const close = async () => {
    if (guard.exitCode !== null || guard.signalCode !== null) return;
    const exit = once(guard, 'exit');
    if (guard.connected) guard.disconnect();
    await exit;
  };
  let nextId = 0;
  return {
    dir,
    pid: guard.pid ?? 0,
    start: (command) => startUnder(guard, listeners, nextId++, command),
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function untilReady(guard: ChildProcess): Promise<string> {
  const died = once(guard, 'exit').then(([code]) => {
    throw new Error(`the guard process ended at once (code ${code}): is the temporary folder writable?`);
  });
  const [message] = (await Promise.race([once(guard, 'message'), died])) as [FromGuard];
  died.catch(() => undefined); // from here on an exit is not news of a failed start
  if (message.tell !== 'ready') throw new Error(`the guard process began with "${message.tell}"`);
  return message.dir;
}

function dispatch(message: FromGuard, listeners: Map<number, Listener>): void {
  if (message.tell === 'ready') return;
  const listener = listeners.get(message.id);
  if (message.tell !== 'started') listeners.delete(message.id);
  switch (message.tell) {
    case 'started':
      listener?.started(message.pid);
      break;
    case 'failed':
      listener?.failed(new Error(message.because));
      break;
    case 'exited':
      listener?.exited({ code: message.code, signal: message.signal });
      break;
    default:
      message satisfies never;
  }
}

async function startUnder(
  guard: ChildProcess,
  listeners: Map<number, Listener>,
  id: number,
  command: Command,
): Promise<GuardedProcess> {
  const exit = Promise.withResolvers<Exit>();
  const start = Promise.withResolvers<GuardedProcess>();
  if (!guard.connected) throw new Error(`${command.file}: cannot start, the guard has ended`);
  const ask = (message: ToGuard) => {
    if (guard.connected) guard.send(message);
  };
  listeners.set(id, {
    started: (pid) =>
      start.resolve({ pid, exited: exit.promise, signal: (signal) => ask({ ask: 'signal', id, signal }) }),
    failed: start.reject,
    exited: (how) => {
      start.reject(new Error(`${command.file}: the guard ended before it started`));
      exit.resolve(how);
    },
  });
  ask({ ask: 'start', id, command });
  return start.promise;
}
