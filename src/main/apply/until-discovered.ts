import type { DefinedKind } from '../../shared/protocol/tasks.ts';
import type { Clock } from '../../shared/time/clock.ts';
import type { Discovery } from '../kube/discovery.ts';

const EVERY_MS = 100;
/** A server that has much to do takes seconds. */
const PATIENCE_MS = 30_000;

/** Discovery tells of a kind a moment after its CRD is established; one that it never tells of is not waited for for ever. */
export async function untilDiscovered(
  kinds: readonly DefinedKind[],
  discovery: Discovery,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<void> {
  const endsAtMs = clock.elapsedMs() + PATIENCE_MS;
  await discovery.refresh();
  while (!kinds.every((kind) => discovery.find(kind)) && clock.elapsedMs() < endsAtMs) {
    await clock.sleep(EVERY_MS, signal);
    await discovery.refresh();
  }
}
