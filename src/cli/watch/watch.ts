import { withCluster } from '../cluster/with-cluster.ts';
import type { ConnectionFlags } from '../connection/flags.ts';
import { terminalOf } from '../output/terminal.ts';
import { oneLine } from '../output/text-width.ts';
import type { OutputFormat } from '../print-objects.ts';
import { follow } from '../progress/follow.ts';
import { conclude, verdictOf } from '../progress/verdict.ts';
import { dataView } from './data-view.ts';
import { liveView } from './live-view.ts';
import { plainView } from './plain-view.ts';
import type { View } from './view.ts';

/** The flags of `watch`, as commander reads them. */
export interface WatchFlags extends ConnectionFlags {
  /** In ms. */
  readonly timeout?: number;
  readonly output?: OutputFormat;
}

/** Shows a rollout until it has ended; throws where it has not ended well. */
export function watch(name: string, flags: WatchFlags): Promise<void> {
  return withCluster(flags, async (cluster) => {
    using view = viewFor(flags);
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

function viewFor({ output }: WatchFlags): View {
  const { stdout } = process;
  const nowMs = () => performance.now();
  const write = (text: string) => void stdout.write(text);
  if (output !== undefined) return dataView(write, output, nowMs);
  return terminalOf(stdout).canRedraw ? liveView(stdout, nowMs) : plainView(write, nowMs);
}
