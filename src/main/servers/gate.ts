import type { IncomingMessage } from 'node:http';
import { sourceRefOf } from '../../shared/api/defaults.ts';
import type { StageSet } from '../../shared/api/types.ts';
import type { Handler, Reply } from './answer.ts';

/** What the gate tells of a stage. No message: who asks has shown no right to read the StageSet. */
export interface GateVerdict {
  readonly ready: boolean;
  readonly namespace: string;
  readonly stageset: string;
  readonly stage: string;
  /** Empty where the stage is not known; revision too. */
  readonly phase: string;
  /** The one that it is to have. */
  readonly revision: string;
}

/** Whether a stage is Ready, for whoever holds a promotion until it is. `find` knows nothing before the caches are synced. */
export function gate(find: (key: string) => StageSet | undefined): Handler {
  return (request, path) => {
    const asked = parseGatePath(path);
    if (asked === undefined) return { status: 400, headers, body: 'ask for /gate/NAMESPACE/STAGESET/STAGE\n' };
    const verdict = judgeGate(asked, find(`${asked.namespace}/${asked.stageset}`));
    return wantsJson(request) ? asJson(verdict) : asStatus(verdict);
  };
}

type AskedStage = Pick<GateVerdict, 'namespace' | 'stageset' | 'stage'>;

const LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const SUBDOMAIN = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

export function parseGatePath(path: string): AskedStage | undefined {
  const [root, where, namespace = '', stageset = '', stage = '', ...rest] = path.split('/');
  if (root !== '' || where !== 'gate' || rest.length > 0) return undefined;
  if (!LABEL.test(namespace) || !SUBDOMAIN.test(stageset) || !LABEL.test(stage)) return undefined;
  return { namespace, stageset, stage };
}

export function judgeGate(asked: AskedStage, set: StageSet | undefined): GateVerdict {
  const stage = set?.spec.stages.find(({ name }) => name === asked.stage);
  // What is to go, or has left the spec and waits to be pruned, holds no promotion open.
  if (set === undefined || stage === undefined || set.metadata.deletionTimestamp !== undefined) {
    return { ready: false, ...asked, phase: '', revision: '' };
  }
  const status = set.status?.stages?.find(({ name }) => name === asked.stage);
  const pinned = pinnedRevision(set, stage);
  const ready = status?.phase === 'Ready' && pinned !== undefined && status.appliedRevision === pinned;
  return { ready, ...asked, phase: status?.phase ?? '', revision: pinned ?? '' };
}

/** Of the last run that got as far as to pin its sources. */
function pinnedRevision({ metadata, status }: StageSet, stage: StageSet['spec']['stages'][number]): string | undefined {
  const { kind, namespace, name } = sourceRefOf(stage, metadata.namespace ?? '');
  const revisions = status?.lastAttemptedRevisions;
  return revisions?.[`${kind}/${namespace}/${name}`] ?? revisions?.[`${namespace}/${name}`];
}

/** An answer is true for the moment only, and another one for who asks in another way. */
const headers = { 'cache-control': 'no-store', vary: 'accept' } as const;

function asStatus({ ready }: GateVerdict): Reply {
  return ready ? { status: 200, headers, body: 'ready\n' } : { status: 403, headers, body: 'not ready\n' };
}

/** 200 in any case: Argo Rollouts takes any other for an error, and reads readiness in the body. */
function asJson(verdict: GateVerdict): Reply {
  return { status: 200, headers, type: 'application/json', body: `${JSON.stringify(verdict)}\n` };
}

function wantsJson({ headers: { accept = '' } }: IncomingMessage): boolean {
  return accept.split(',').some((range) => /^\s*application\/json\s*(;|$)/i.test(range));
}
