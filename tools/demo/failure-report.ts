import { lastLines } from '../control-plane/log-tail.ts';
import type { Playground } from '../playground/playground.ts';
import type { Act } from './act.ts';
import { readyMessage } from './proofs.ts';

/** What somebody needs who has to find out why an act did not come true. */
export async function failureReport(
  { title }: Act,
  error: unknown,
  { plane, controllerLog }: Playground,
): Promise<Error> {
  const ready = await readyMessage(plane.api).catch((cause: unknown) => `cannot be read: ${cause}`);
  const report = [
    title,
    error instanceof Error ? error.message : String(error),
    `StageSet: ${ready}`,
    `Last lines of the controller's log:\n${await lastLines(controllerLog)}`,
  ];
  return new Error(report.join('\n\n'), { cause: error });
}
