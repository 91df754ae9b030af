import { constants } from 'node:os';
import { endWithParent } from './end-with-parent.ts';

export class Interrupted extends Error {
  /** As a shell reports it. */
  readonly exitCode: number;
  constructor(signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP') {
    super(`ended by ${signal}`);
    this.name = 'Interrupted';
    this.exitCode = 128 + constants.signals[signal];
  }
}

/** Aborted by Ctrl-C or when the parent process goes. Deaf to a second Ctrl-C: the first one is being obeyed. */
export function interruption(): AbortSignal {
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => interrupted.abort(new Interrupted(signal)));
  }
  endWithParent(() => interrupted.abort(new Interrupted('SIGHUP')));
  return interrupted.signal;
}

/** Rejects with the signal's reason as soon as there is one; what it waited for goes on unheard. */
export async function unless<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  let giveUp = () => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    giveUp = () => reject(signal.reason);
  });
  signal.addEventListener('abort', giveUp, { once: true });
  if (signal.aborted) giveUp();
  try {
    return await Promise.race([aborted, work]);
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}
