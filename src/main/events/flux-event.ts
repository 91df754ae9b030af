import { API_VERSION, GROUP } from '../../shared/api/group.ts';
import type { StageSet } from '../../shared/api/types.ts';
import type { StageSetEvent } from './recorder.ts';

/** The body that Flux's notification-controller takes. */
export interface FluxEvent {
  readonly involvedObject: Readonly<Record<string, string>>;
  readonly severity: 'info' | 'error';
  readonly timestamp: string;
  readonly message: string;
  readonly reason: string;
  readonly action: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly reportingController: string;
  readonly reportingInstance: string;
}

/** What Flux's own type allows. */
const MESSAGE_MAX = 39_000;
/** A user's annotations with this prefix travel with every event, as they do from Flux's own controllers. */
const TRAVELS = 'event.toolkit.fluxcd.io/';

export function toFluxEvent(
  set: StageSet,
  event: StageSetEvent,
  from: { instance: string; wallMs: number },
): FluxEvent {
  const { namespace = '', name, uid = '', resourceVersion = '', annotations = {} } = set.metadata;
  return {
    involvedObject: { apiVersion: API_VERSION, kind: 'StageSet', namespace, name, uid, resourceVersion },
    severity: event.type === 'Warning' ? 'error' : 'info',
    timestamp: `${new Date(from.wallMs).toISOString().slice(0, 19)}Z`,
    message: event.note.slice(0, MESSAGE_MAX),
    reason: event.reason,
    action: 'Reconcile',
    metadata: {
      ...Object.fromEntries(Object.entries(annotations).filter(([key]) => key.startsWith(TRAVELS))),
      ...ownMetadata({
        reason: event.reason,
        revision: revisionText(event.revisions ?? {}),
        token: tokenOf(set),
      }),
    },
    reportingController: 'stageset-controller',
    reportingInstance: from.instance,
  };
}

/** Under our group: notification-controller passes on no other key. */
function ownMetadata(values: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const told = Object.entries(values).filter(([, value]) => value !== '');
  return Object.fromEntries(told.map(([key, value]) => [`${GROUP}/${key}`, value]));
}

/** One revision stands alone, as commit statuses need it; several are named by their sources. */
function revisionText(revisions: Readonly<Record<string, string>>): string {
  const bySource = Object.entries(revisions).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const [only, ...others] = new Set(bySource.map(([, revision]) => revision));
  if (only === undefined || others.length === 0) return only ?? '';
  return bySource.map(([source, revision]) => `${source}=${revision}`).join(', ');
}

/**
 * notification-controller drops for some minutes what repeats message, revision and token. With the generation and
 * the last turn of Ready in it, a recovery that reads as the success before the failure still gets through.
 */
function tokenOf({ metadata, status }: StageSet): string {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  return [metadata.generation ?? 0, ready?.lastTransitionTime ?? ''].join('@');
}
