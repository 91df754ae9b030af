import { withCluster } from '../cluster/with-cluster.ts';
import type { ConnectionFlags } from '../connection/flags.ts';
import { terminalOf } from '../output/terminal.ts';
import { oneLine } from '../output/text-width.ts';
import { follow } from '../progress/follow.ts';
import { conclude, verdictOf } from '../progress/verdict.ts';
import { liveView } from './live-view.ts';
import { plainView } from './plain-view.ts';

/** The flags of `watch`, as commander reads them. */
export interface WatchFlags extends ConnectionFlags {
  /** In ms. */
  readonly timeout?: number;
}

/** Shows a rollout until it has ended; throws where it has not ended well. */
export function watch(name: string, flags: WatchFlags): Promise<void> {
  const { stdout } = process;
  const nowMs = () => performance.now();
  return withCluster(flags, async (cluster) => {
    using view = terminalOf(stdout).canRedraw
      ? liveView(stdout, nowMs)
      : plainView((text) => void stdout.write(text), nowMs);
    const last = await follow(cluster, name, {
      timeoutMs: flags.timeout,
      show: (set, news) => view.show(set, news),
      judge: (set) => {
        const verdict = verdictOf(set);
        return verdict && { set, verdict };
      },
    });
    view.end(oneLine(conclude(last.set, last.verdict)));
  });
}
