import { isDeepStrictEqual } from 'node:util';
import type { StageSet } from '../../src/shared/api/types.ts';
import { eventually } from '../control-plane/eventually.ts';
import type { KubeApi } from '../control-plane/kube-api.ts';
import type { Files } from '../publisher/archive.ts';
import type { Announced } from '../show/view.ts';

/** A part of the demo: something is done to the cluster, and then something must be so on it. */
export interface Act extends Announced {
  does(hands: Hands): Promise<void>;
  readonly proofs: readonly Proof[];
  /** What a user would ask stagesetctl once all is proven. */
  readonly asks?: readonly string[];
}

/** What acts may do. They tell of everything that they do. */
export interface Hands {
  readonly api: KubeApi;
  publish(revision: string, files: Files): Promise<void>;
  roll(stageSet: StageSet): Promise<void>;
  /** Merged into the spec of the StageSet. Resolves when the controller has taken notice. */
  edit(spec: Partial<StageSet['spec']>): Promise<void>;
  /** From now on whoever asks at the gate may go on. */
  sayYes(): void;
  tell(deed: string): void;
  stagesetctl(args: readonly string[]): Promise<void>;
}

/** Read from the API server, not from what the controller says of itself. */
export interface Proof {
  /** In plain words. */
  readonly that: string;
  readonly expected: unknown;
  seen(api: KubeApi): Promise<unknown>;
}

export class Unproven extends Error {
  constructor({ that, expected }: Proof, seen: unknown, withinMs: number) {
    super(
      [
        `this did not come true within ${withinMs / 1000} s: ${that}`,
        `  expected  ${JSON.stringify(expected)}`,
        `  seen      ${seen instanceof Error ? seen.message : JSON.stringify(seen)}`,
      ].join('\n'),
    );
    this.name = 'Unproven';
  }
}

export interface PlayOptions {
  readonly hands: Hands;
  /** For all proofs of an act together. */
  readonly withinMs: number;
  readonly signal: AbortSignal;
  readonly proven: (that: string) => void;
}

/** Resolves when all of it has come true; throws what the signal says, or Unproven. */
export async function play(act: Act, { hands, withinMs, signal, proven }: PlayOptions): Promise<void> {
  const endMs = performance.now() + withinMs;
  await act.does(hands);
  for (const proof of act.proofs) {
    await untilTrue(proof, hands.api, { withinMs, endMs, signal });
    proven(proof.that);
  }
  if (act.asks !== undefined) await hands.stagesetctl(act.asks);
}

export interface UntilOptions {
  readonly withinMs: number;
  readonly endMs?: number;
  readonly signal: AbortSignal;
}

export async function untilTrue(proof: Proof, api: KubeApi, { withinMs, endMs, signal }: UntilOptions): Promise<void> {
  let seen: unknown;
  const ask = async () => {
    signal.throwIfAborted();
    seen = await proof.seen(api).catch((error: unknown) => error);
    if (!isDeepStrictEqual(seen, proof.expected)) throw new Unproven(proof, seen, withinMs);
  };
  const timeoutMs = endMs === undefined ? withinMs : endMs - performance.now();
  await eventually(ask, { timeoutMs, unless: signal });
}
