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
  readonly responseStatus?: { readonly code?: number };
  readonly requestURI: string;
  readonly objectRef?: {
    readonly resource?: string;
    readonly subresource?: string;
    readonly namespace?: string;
    readonly name?: string;
  };
}

/**
 * What the controller, or another program, has asked for about one namespace so far, in order; its watches are left out. The log is
 * complete: the server writes it before it answers.
 */
export async function sentRequests(
  auditLogPath: string,
  namespace: string,
  program: Program = 'stageset-controller',
): Promise<readonly SentRequest[]> {
  return (await completedIn(auditLogPath, program)).flatMap(({ verb, requestURI, objectRef, impersonatedUser }) => {
    if (verb === 'watch' || objectRef?.namespace !== namespace) return [];
    const as = impersonatedUser === undefined ? {} : { as: impersonatedUser.username };
    return [{ verb, ...subjectOf(objectRef), dryRun: requestURI.includes('dryRun='), ...as }];
  });
}

/** Any request of the controller, watches included, and what came of it. */
export interface Asked {
  readonly verb: string;
  readonly resource: string;
  /** Empty: of all namespaces, or of what lives outside them. */
  readonly namespace: string;
  readonly name: string;
  /** Whose credentials it showed. */
  readonly user: string;
  /** Whom it impersonated. */
  readonly as: string | undefined;
  readonly code: number;
}

/** What it has asked for about objects, wherever they are; a watch that began and ended is there twice. */
export async function allAsked(auditLogPath: string): Promise<readonly Asked[]> {
  return (await eventsIn(auditLogPath)).flatMap(({ verb, user, objectRef, impersonatedUser, responseStatus }) => {
    if (objectRef === undefined) return [];
    const { namespace = '' } = objectRef;
    const code = responseStatus?.code ?? 0;
    return [{ verb, ...subjectOf(objectRef), namespace, user: user.username, as: impersonatedUser?.username, code }];
  });
}

/**
 * What these users asked for as such, not as a tenant whose part they took, and had no right to: `get secrets shop/keys`.
 * What admission refuses, as it does in a namespace that is on its way out, is none of it.
 */
export async function forbidden(auditLogPath: string, users: ReadonlySet<string>): Promise<readonly string[]> {
  const lines = linesHolding(await readFile(auditLogPath), '"authorization.k8s.io/decision":"forbid"');
  const own = lines
    .map((line) => JSON.parse(line) as AuditEvent)
    .filter(({ user, impersonatedUser }) => users.has(user.username) && impersonatedUser === undefined);
  return [...new Set(own.map(({ verb, objectRef, requestURI }) => `${verb} ${placeOf(objectRef) ?? requestURI}`))];
}

function placeOf(objectRef: AuditEvent['objectRef']): string | undefined {
  if (objectRef === undefined) return undefined;
  const { resource, name } = subjectOf(objectRef);
  const { namespace = '' } = objectRef;
  // The log has a Namespace in itself.
  return `${resource} ${namespace === '' || namespace === name ? name : `${namespace}/${name}`}`.trimEnd();
}

/** The log may be a hundred megabytes, and hardly any of it be wanted. */
function linesHolding(log: Buffer, text: string): readonly string[] {
  const lines: string[] = [];
  for (let at = log.indexOf(text); at !== -1; at = log.indexOf(text, at)) {
    const end = log.indexOf('\n', at);
    if (end === -1) break; // it is still being written
    lines.push(log.toString('utf8', log.lastIndexOf('\n', at) + 1, end));
    at = end;
  }
  return lines;
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

type Program = 'stageset-controller' | 'stagesetctl';

async function completedIn(auditLogPath: string, program?: Program): Promise<readonly AuditEvent[]> {
  return (await eventsIn(auditLogPath, program)).filter(({ stage }) => stage === 'ResponseComplete');
}

async function eventsIn(
  auditLogPath: string,
  program: Program = 'stageset-controller',
): Promise<readonly AuditEvent[]> {
  const lines = (await readFile(auditLogPath, 'utf8')).split('\n');
  return lines.flatMap((line) => {
    // Only these are worth parsing: the log has a line for each request of every component.
    if (!line.includes(`"${program}/`) || !line.endsWith('}')) return [];
    return [JSON.parse(line) as AuditEvent];
  });
}

function subjectOf({ resource = '', subresource, name = '' }: NonNullable<AuditEvent['objectRef']>) {
  return { resource: subresource === undefined ? resource : `${resource}/${subresource}`, name };
}
