import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface Question {
  readonly object: unknown;
  readonly variables: Readonly<Record<string, string>>;
}

export interface Answer {
  /** The YAML that Flux substitutes on. */
  readonly text?: string;
  readonly object?: unknown;
  readonly error?: string;
}

/** Asks Flux's own package. */
export function askFlux(questions: readonly Question[]): readonly Answer[] {
  const oracle = spawnSync('go', ['run', '.'], {
    cwd: fileURLToPath(new URL('../../oracle/envsubst', import.meta.url)),
    input: JSON.stringify(questions),
    stdio: ['pipe', 'pipe', 'inherit'],
    encoding: 'utf8',
    maxBuffer: 1024 * 1024 * 1024,
  });
  if (oracle.status !== 0) throw new Error(`the oracle failed: ${oracle.error ?? `exit code ${oracle.status}`}`);
  return JSON.parse(oracle.stdout);
}
