import type { ControllerProcess } from './controller.ts';

/** How often the controller has begun on a StageSet of this namespace so far. */
export function runsBegun({ log }: ControllerProcess, { namespace }: { readonly namespace: string }): number {
  return log.split('\n').filter((line) => line.includes('"run begins"') && line.includes(namespace)).length;
}
