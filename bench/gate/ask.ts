// A process of its own, so that it is late for no work but its own: asks at a fixed rate, whatever becomes of the answers.
import { setTimeout as delay } from 'node:timers/promises';
import { Pool } from 'undici';

export interface AskQuestion {
  readonly origin: string;
  readonly paths: readonly string[];
  readonly perSecond: number;
  readonly seconds: number;
}

export interface AskAnswer {
  readonly askedPerSecond: number;
  /** From when each was to be sent: this process's own lateness is in it. */
  readonly sinceDueMs: readonly number[];
  readonly sinceSentMs: readonly number[];
  /** Answers other than 200, and none. */
  readonly wrong: number;
}

const { origin, paths, perSecond, seconds }: AskQuestion = JSON.parse(process.argv[2] ?? '');
const pool = new Pool(origin, { connections: 64, pipelining: 1 });
const sinceDueMs: number[] = [];
const sinceSentMs: number[] = [];
let wrong = 0;

async function ask(path: string, dueMs: number): Promise<void> {
  const sentMs = performance.now();
  try {
    const { statusCode, body } = await pool.request({ method: 'GET', path });
    await body.dump();
    if (statusCode !== 200) wrong += 1;
  } catch {
    wrong += 1;
  }
  const nowMs = performance.now();
  sinceDueMs.push(nowMs - dueMs);
  sinceSentMs.push(nowMs - sentMs);
}

await Promise.all(paths.slice(0, 64).map((path) => ask(path, performance.now()))); // connected, compiled
sinceDueMs.length = 0;
sinceSentMs.length = 0;

const beganMs = performance.now();
const asked: Promise<void>[] = [];
for (let i = 0; i < perSecond * seconds; i += 1) {
  const dueMs = beganMs + (i * 1_000) / perSecond;
  const earlyMs = dueMs - performance.now();
  if (earlyMs > 0) await delay(earlyMs);
  asked.push(ask(paths[i % paths.length] ?? '', dueMs));
}
const tookMs = performance.now() - beganMs;
await Promise.all(asked);
const answer: AskAnswer = { askedPerSecond: (asked.length * 1_000) / tookMs, sinceDueMs, sinceSentMs, wrong };
process.stdout.write(JSON.stringify(answer));
await pool.close();
