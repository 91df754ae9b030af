import type { ApplyAction } from '../../../shared/api/types.ts';
import { awaitReady } from '../await-ready.ts';
import { putUp } from '../put-up.ts';
import type { RenderingAttempt } from '../verb.ts';

/** Manifests that belong to a rollout, not to the stage: no inventory records them and nothing prunes them. */
export async function apply({ wait = false, ...source }: ApplyAction, attempt: RenderingAttempt): Promise<void> {
  using rendered = await attempt.render(source);
  const applied = await putUp(attempt, rendered, rendered.plan.objects);
  if (wait) await awaitReady(attempt, applied);
}
