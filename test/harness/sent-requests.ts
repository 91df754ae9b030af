import { readFile } from 'node:fs/promises';

/** One request of the controller, as the API server's audit log has it. */
export interface SentRequest {
  readonly verb: string;
  /** `configmaps`, `stagesets/status`. */
  readonly resource: string;
  readonly name: string;
  readonly dryRun: boolean;
  /** Whom it impersonated. */
  readonly as?: string;
}

interface AuditEvent {
  readonly stage: string;
  readonly verb: string;
  readonly requestReceivedTimestamp: string;
  readonly user: { readonly username: string };
  readonly impersonatedUser?: { readonly username: string };
  readonly userAgent?: string;
  readonly requestURI: string;
  readonly objectRef?: {
    readonly resource?: string;
    readonly subresource?: string;
    readonly namespace?: string;
    readonly name?: string;
  };
}

/**
 * What the controller has asked for about one namespace so far, in order; its watches are left out. The log is
 * complete: the server writes it before it answers.
 */
export async function sentRequests(auditLogPath: string, namespace: string): Promise<readonly SentRequest[]> {
  return (await completedIn(auditLogPath)).flatMap(({ verb, requestURI, objectRef, impersonatedUser }) => {
    if (verb === 'watch' || objectRef?.namespace !== namespace) return [];
    const as = impersonatedUser === undefined ? {} : { as: impersonatedUser.username };
    return [{ verb, ...subjectOf(objectRef), dryRun: requestURI.includes('dryRun='), ...as }];
  });
}

export interface SentWrite {
  readonly user: string;
  readonly verb: string;
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  /** When the server got it, in calendar time. */
  readonly atMs: number;
}

/** What controllers have asked to change so far, dry runs and Leases included, by whom and when. */
export async function sentWrites(auditLogPath: string): Promise<readonly SentWrite[]> {
  const reads = ['get', 'list', 'watch'];
  return (await completedIn(auditLogPath))
    .filter(({ verb }) => !reads.includes(verb))
    .map(({ verb, user, objectRef = {}, requestReceivedTimestamp }) => ({
      user: user.username,
      verb,
      ...subjectOf(objectRef),
      namespace: objectRef.namespace ?? '',
      atMs: Date.parse(requestReceivedTimestamp),
    }));
}

async function completedIn(auditLogPath: string): Promise<readonly AuditEvent[]> {
  const lines = (await readFile(auditLogPath, 'utf8')).split('\n');
  return lines.flatMap((line) => {
    // Only these are worth parsing: the log has a line for each request of every component.
    if (!line.includes('"stageset-controller/') || !line.endsWith('}')) return [];
    const event = JSON.parse(line) as AuditEvent;
    return event.stage === 'ResponseComplete' ? [event] : [];
  });
}

function subjectOf({ resource = '', subresource, name = '' }: NonNullable<AuditEvent['objectRef']>) {
  return { resource: subresource === undefined ? resource : `${resource}/${subresource}`, name };
}
