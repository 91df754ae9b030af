// Runs beside the process it guards for: owns a temporary folder and some processes, and takes all of them away when
// the channel to that process closes. The kernel closes it however that process ends, kill -9 included.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command, FromGuard, ToGuard } from './guard-messages.ts';

const [parentDir = '', prefix = ''] = process.argv.slice(2);
const running = new Map<number, ChildProcess>();

process.on('message', (message: ToGuard) => {
  if (message.ask === 'start') tryStart(message.id, message.command);
  else signalGroup(running.get(message.id), message.signal);
});
process.once('disconnect', endAll);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, endAll);
if (!process.connected) process.exit(0); // it ended while this was loaded, and no event will tell

const dir = mkdtempSync(join(parentDir, prefix));
tell({ tell: 'ready', dir });

function tryStart(id: number, command: Command): void {
  try {
    start(id, command);
  } catch (error) {
    tell({ tell: 'failed', id, because: String(error) });
  }
}

function start(id: number, command: Command): void {
  const log = openSync(command.logFile, 'a');
  const out = command.outFile === undefined ? log : openSync(command.outFile, 'a');
  const child = spawn(command.file, command.args, {
    stdio: ['ignore', out, log],
    detached: true, // a process group of its own, so that what it started in turn ends with it
    ...(command.cwd === undefined ? {} : { cwd: command.cwd }),
    ...(command.env === undefined ? {} : { env: command.env }),
  });
  closeSync(log);
  if (out !== log) closeSync(out);
  running.set(id, child);
  child.once('spawn', () => tell({ tell: 'started', id, pid: child.pid ?? 0 }));
  child.once('error', (error) => {
    running.delete(id);
    tell({ tell: 'failed', id, because: error.message });
  });
  child.once('exit', (code, signal) => {
    running.delete(id);
    tell({ tell: 'exited', id, code, signal });
  });
}

function signalGroup(child: ChildProcess | undefined, signal: NodeJS.Signals): void {
  if (child?.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It ended by itself a moment ago; its exit event is on the way.
  }
}

/** Nothing of it is kept, so nothing is asked to end nicely. */
async function endAll(): Promise<void> {
  const ends = [...running.values()].map((child) => once(child, 'exit'));
  for (const child of running.values()) signalGroup(child, 'SIGKILL');
  await Promise.allSettled(ends);
  await rm(dir, { recursive: true, force: true, maxRetries: 5 });
  process.exit(0);
}

function tell(message: FromGuard): void {
  // With a callback, as else a channel that closes this moment is an error that ends us before we have cleaned up.
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}
