import { describeObjectId, type ObjectId } from '../../shared/objects/object-id.ts';
import type { PlannedObject } from '../../shared/protocol/tasks.ts';
import { RunEnded } from '../outcome/outcome.ts';

export interface RenderedStage {
  readonly stage: string;
  readonly objects: readonly PlannedObject[];
}

/** Two stages that render one object would take it from each other. */
export function refuseSharedObjects(stages: readonly RenderedStage[]): void {
  const claimedBy = new Map<ObjectId, string>();
  const twice: string[] = [];
  for (const { stage, objects } of stages) {
    for (const { id } of objects) {
      const other = claimedBy.get(id);
      if (other === undefined) claimedBy.set(id, stage);
      else twice.push(`${describeObjectId(id)} is in the stages "${other}" and "${stage}"`);
    }
  }
  if (twice.length === 0) return;
  const more = twice.length > 10 ? `; and ${twice.length - 10} more` : '';
  const message = `an object may be in one stage only: ${twice.slice(0, 10).join('; ')}${more}`;
  throw new RunEnded({ reason: 'InvalidSpec', message });
}
