import type { Guard, GuardedProcess } from './guard.ts';
import type { Command } from './guard-messages.ts';
import { lastLines } from './log-tail.ts';

/** One program of the control plane or beside it, to be taken down and brought back as a failure test needs it. */
export interface Component {
  readonly name: string;
  /** Undefined while it is down. */
  readonly pid: number | undefined;
  /** Aborted, with a ComponentFailure that quotes its log, when it ended though nobody killed it. */
  readonly failed: AbortSignal;
  /** Returns once the program runs, which is before it is ready. */
  start(): Promise<void>;
  /** kill -9; returns when it is gone. */
  kill(): Promise<void>;
  pause(): void;
  resume(): void;
}

export class ComponentFailure extends Error {
  readonly component: string;
  constructor(component: string, message: string) {
    super(message);
    this.name = 'ComponentFailure';
    this.component = component;
  }
}

export function createComponent(guard: Guard, name: string, command: Command): Component {
  let running: GuardedProcess | undefined;
  let failed = new AbortController();

  async function watch(program: GuardedProcess): Promise<void> {
    const { code, signal } = await program.exited;
    if (running !== program) return; // killed on purpose
    running = undefined;
    const how = signal === null ? `ended with code ${code}` : `was ended by ${signal}`;
    const log = await lastLines(command.logFile);
    failed.abort(new ComponentFailure(name, `${name} ${how}. Its last lines:\n${log}`));
  }

  return {
    name,
    get pid() {
      return running?.pid;
    },
    get failed() {
      return failed.signal;
    },
    async start() {
      if (running !== undefined) throw new Error(`${name} runs already`);
      failed = new AbortController();
      running = await guard.start(command);
      void watch(running);
    },
    async kill() {
      const program = running;
      running = undefined;
      program?.signal('SIGKILL');
      await program?.exited;
    },
    pause: () => running?.signal('SIGSTOP'),
    resume: () => running?.signal('SIGCONT'),
  };
}
