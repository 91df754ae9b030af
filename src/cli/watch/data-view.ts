import { isDeepStrictEqual } from 'node:util';
import type { StageSet } from '../../shared/api/types.ts';
import { type OutputFormat, printBetween } from '../print-objects.ts';
import { stagesOf, summaryOf } from '../summary.ts';
import { StageTimes } from './stage-times.ts';
import type { View } from './view.ts';

/** For programs: a document each time something but the time has changed, the last of them as the watch ends. */
export function dataView(write: (text: string) => void, format: OutputFormat, nowMs: () => number): View {
  const beganMs = nowMs();
  const times = new StageTimes();
  let told: unknown;
  return {
    show(set) {
      times.note(set, nowMs());
      const standing = standingOf(set);
      if (isDeepStrictEqual(standing, told)) return;
      const stages = standing.stages.map((stage) => ({ ...stage, ...elapsed(times.ofStage(stage.name, nowMs())) }));
      const between = format === 'yaml' && told !== undefined ? '---\n' : '';
      write(between + printBetween([{ ...standing, ...elapsed(nowMs() - beganMs), stages }], format));
      told = standing;
    },
    end() {}, // the last document has it
    [Symbol.dispose]() {},
  };
}

function standingOf(set: StageSet) {
  const { name, namespace = '' } = set.metadata;
  const { ready, reason = '', message = '' } = summaryOf(set);
  const stages = stagesOf(set).map((stage) => ({
    name: stage.name,
    phase: stage.phase ?? 'Pending',
    message: stage.message ?? '',
  }));
  return { name, namespace, ready, reason, message, stages };
}

/** Nothing of a stage that was never seen at work. */
function elapsed(ms: number | undefined): { readonly elapsedSeconds?: number } {
  return ms === undefined ? {} : { elapsedSeconds: Math.floor(ms / 1_000) };
}
