import type { Outcome } from '../outcome/outcome.ts';
import type { Pin } from '../source/pin.ts';
import { holdsMore } from '../status/held.ts';
import { leaveAlone } from './left-alone.ts';
import { throughWindows } from './update-windows.ts';
import type { Run } from './world.ts';

/**
 * Asks the update windows what of `newest` this run may roll out, and lets it go by that. Answers where nothing is to be
 * applied at all.
 */
export function admit(run: Run, newest: readonly Pin[]): Outcome | undefined {
  const { set, world, memory } = run;
  const nowMs = world.clock.wallMs();
  const admission = throughWindows({ set, newest, nowMs, applied: memory.applied, granted: memory.granted });
  const { pins, hold, frozen, opensAtMs } = admission;
  run.newest = newest;
  run.admission = admission;
  run.hold = hold;
  memory.granted = admission.granted;
  if (opensAtMs !== undefined) run.lookAgainAt(opensAtMs);
  if (hold !== undefined && frozen) {
    return { reason: isDeployed(run) ? 'Succeeded' : 'UpdateDeferred', message: hold.message };
  }
  run.pins = pins;
  for (const [stage, revision] of admission.lost) leaveAlone(run, stage, revision);
  if (hold !== undefined && pins.length === 0 && admission.lost.size === 0) {
    run.pins = undefined; // nothing is attempted
    return { reason: 'UpdateDeferred', message: `nothing is deployed yet: ${hold.message}` };
  }
  return undefined;
}

/** Everything that the windows let through stands. */
export function whatStands(run: Run): Outcome {
  const { hold, remarks, set } = run;
  const stages = set.spec.stages.map(({ name }) => name);
  const waiting = stages.filter((name) => !run.pins?.some(({ stage }) => stage === name) && !remarks.has(name));
  const done = `All ${stages.length} stages applied`;
  if (hold === undefined) return { reason: 'Succeeded', message: done };
  const alone = [...remarks].map(([stage, because]) => `stage "${stage}": ${because}`);
  const notes = [hold.message, ...alone].join('; ');
  if (waiting.length === 0) return { reason: 'Succeeded', message: `${done}; ${notes}` };
  const named = waiting.map((name) => `"${name}"`).join(', ');
  return { reason: 'UpdateDeferred', message: `nothing of stage ${named} is deployed yet: ${notes}` };
}

/** Once a held revision, over restarts too: status tells which it was told of. */
export function tellHold(run: Run): void {
  const { hold, set, world } = run;
  if (hold === undefined || !holdsMore(set.status, hold)) return;
  world.metrics.updateDeferred(set);
  world.events.record(set, { type: 'Normal', reason: hold.reason, note: hold.message, revisions: hold.revisions });
}

/** Each stage stood when it was last looked at. */
function isDeployed({ set: { spec, status } }: Run): boolean {
  const ready = new Set((status?.stages ?? []).filter(({ phase }) => phase === 'Ready').map(({ name }) => name));
  return spec.stages.every(({ name }) => ready.has(name));
}
