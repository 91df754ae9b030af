import type { DefinedKind } from '../../shared/protocol/tasks.ts';
import type { Clock } from '../../shared/time/clock.ts';
import type { Discovery } from '../kube/discovery.ts';

const EVERY_MS = 100;
const TRIES = 50;

/** Discovery tells of a kind a moment after its CRD is established; one that it never tells of is not waited for. */
export async function untilDiscovered(
  kinds: readonly DefinedKind[],
  discovery: Discovery,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<void> {
  await discovery.refresh();
  for (let tries = 1; tries < TRIES && !kinds.every((kind) => discovery.find(kind)); tries += 1) {
    await clock.sleep(EVERY_MS, signal);
    await discovery.refresh();
  }
}
