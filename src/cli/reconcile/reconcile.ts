import { stageSetResource } from '../../main/kube/own-kinds.ts';
import { patchObject } from '../../main/kube/requests.ts';
import { unleased } from '../../main/kube/types.ts';
import type { StageSet } from '../../shared/api/types.ts';
import { RuntimeError } from '../cli-error.ts';
import { printSet } from '../cluster/print-set.ts';
import { readStageSet } from '../cluster/stage-sets.ts';
import { withCluster } from '../cluster/with-cluster.ts';
import type { ConnectionFlags } from '../connection/flags.ts';
import type { OpenCluster } from '../connection/open-cluster.ts';
import type { DataFormat } from '../output/print-data.ts';
import { terminalOf } from '../output/terminal.ts';
import { cutTo, oneLine } from '../output/text-width.ts';
import { follow } from '../progress/follow.ts';
import { conclude, outcomeOf } from '../progress/verdict.ts';
import { refuseUnknownStage } from '../stage-name.ts';
import { isHandled, newToken, requestAnnotations, type Wishes } from './request.ts';

/** The flags of `reconcile`, as commander reads them. */
export interface ReconcileFlags extends ConnectionFlags, Wishes {
  readonly withSource?: boolean;
  readonly wait?: boolean;
  readonly timeout: number;
  readonly output?: DataFormat;
}

/** Asks for a run, says so, and with `--wait` stays until it has ended. */
export function reconcile(name: string, flags: ReconcileFlags): Promise<void> {
  return withCluster(flags, async (cluster) => {
    const set = await readStageSet(cluster, name);
    if (flags.stage !== undefined) refuseUnknownStage('--stage', [flags.stage], set.spec.stages);
    refuseSuspended(set, flags);
    const token = newToken(set, Date.now());
    if (flags.withSource) {
      const { reRequestSources } = await import('./re-request-sources.ts');
      await reRequestSources(set, token, cluster.client);
    }
    await patchObject(cluster.client, {
      resource: stageSetResource,
      namespace: cluster.namespace,
      name,
      patch: { metadata: { annotations: requestAnnotations(token, flags) } },
      fieldManager: 'stagesetctl',
      answer: 'metadata',
      lease: unleased,
    });
    const { output } = flags;
    const say = (text: string) => output === undefined && process.stdout.write(`${text}\n`);
    say(`Reconcile requested for StageSet ${name} (token ${token})`);
    try {
      if (flags.wait) say(oneLine(await handled(cluster, name, token, flags)));
    } finally {
      // However it has ended: that is what a program asks for.
      if (output !== undefined) process.stdout.write(await printSet(cluster, name, output));
    }
  });
}

function refuseSuspended({ metadata: { namespace, name }, spec }: StageSet, { force = false }: Wishes): void {
  if (spec.suspend !== true || force) return;
  const how = `resume it with stagesetctl resume ${name} -n ${namespace}, or run it once with --force`;
  throw new RuntimeError(`StageSet ${namespace}/${name} is suspended: ${how}`);
}

/** How the run has ended that saw this request. */
function handled(cluster: OpenCluster, name: string, token: string, flags: ReconcileFlags): Promise<string> {
  return follow(cluster, name, {
    timeoutMs: flags.timeout,
    show: (_set, news) => showProgress(news),
    judge: (set) => {
      const outcome = isHandled(set, token) ? outcomeOf(set) : undefined;
      if (outcome !== undefined) return conclude(set, outcome);
      refuseSuspended(set, flags);
      return undefined;
    },
  });
}

/** For who looks on; a log has no use for it. */
function showProgress(news: readonly string[]): void {
  const { columns } = terminalOf(process.stderr);
  if (columns === undefined) return;
  for (const line of news) process.stderr.write(`${cutTo(`  ${oneLine(line)}`, columns)}\n`);
}
