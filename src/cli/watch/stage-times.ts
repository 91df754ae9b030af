import type { StagePhase, StageSet } from '../../shared/api/types.ts';

interface Seen {
  readonly phase: StagePhase | undefined;
  readonly sinceMs: number;
  /** How long it took, once it is ready or has failed before our eyes. */
  readonly tookMs: number | undefined;
}

/** How long each stage is at work, or was, as far as it was seen: status does not tell. */
export class StageTimes {
  readonly #seen = new Map<string, Seen>();

  note({ status }: StageSet, nowMs: number): void {
    for (const { name, phase } of status?.stages ?? []) {
      const before = this.#seen.get(name);
      if (before?.phase === phase) continue;
      const began = isAtWork(before?.phase) ? (before?.sinceMs ?? nowMs) : nowMs;
      const isOver = isAtWork(before?.phase) && !isAtWork(phase);
      this.#seen.set(name, { phase, sinceMs: began, tookMs: isOver ? nowMs - began : undefined });
    }
  }

  /** Undefined for a stage that was never seen at work. */
  ofStage(name: string, nowMs: number): number | undefined {
    const seen = this.#seen.get(name);
    return isAtWork(seen?.phase) ? nowMs - (seen?.sinceMs ?? nowMs) : seen?.tookMs;
  }
}

function isAtWork(phase: StagePhase | undefined): boolean {
  return phase === 'Applying' || phase === 'Verifying';
}
