import { open, stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** A request as the API server wrote it down. */
export interface AuditedRequest {
  /** The server's word: `patch` for an apply too. */
  readonly verb: string;
  readonly requestURI: string;
  readonly objectRef?: {
    readonly resource: string;
    readonly subresource?: string;
    readonly name?: string;
  };
  readonly responseStatus?: { readonly code: number };
  readonly requestReceivedTimestamp: string;
  /** When it was answered. */
  readonly stageTimestamp: string;
}

interface AuditLine extends AuditedRequest {
  readonly stage: string;
  readonly user: { readonly username: string };
}

const QUIET_MS = 1_000;
const PATIENCE_MS = 60_000;

/** What one user asked the API server for, from now on. */
export interface AuditWindow {
  /** Once this user has asked nothing more for a while, or never stops; in the order of arrival, watches left out. */
  requests(): Promise<readonly AuditedRequest[]>;
}

export async function openAuditWindow(path: string, user: string, quietMs = QUIET_MS): Promise<AuditWindow> {
  const from = (await stat(path)).size;
  return {
    async requests() {
      const givesUpAtMs = performance.now() + PATIENCE_MS;
      for (let before = -1; ; await delay(quietMs)) {
        const found = await readRequests(path, from, user);
        if (found.length === before || performance.now() >= givesUpAtMs) return found;
        before = found.length;
      }
    },
  };
}

async function readRequests(path: string, from: number, user: string): Promise<readonly AuditedRequest[]> {
  await using file = await open(path);
  const lines: AuditLine[] = [];
  for await (const text of file.readLines({ start: from })) {
    const line = JSON.parse(text) as AuditLine;
    if (line.user.username === user && line.stage === 'ResponseComplete' && line.verb !== 'watch') lines.push(line);
  }
  return lines.toSorted((a, b) => (a.requestReceivedTimestamp < b.requestReceivedTimestamp ? -1 : 1));
}

/** What was asked, whenever that was. */
export type What = Pick<AuditedRequest, 'verb' | 'requestURI' | 'objectRef'>;

export function countByVerb(requests: readonly What[]): Counts {
  return countBy(requests, ({ verb }) => verb);
}

/** By `patch configmaps (dry run)` and the like. */
export function countByWhat(requests: readonly What[]): Counts {
  return countBy(requests, whatOf);
}

/** The most frequent first. */
export type Counts = Readonly<Record<string, number>>;

function countBy(requests: readonly What[], keyOf: (request: What) => string): Counts {
  const counts = [...Map.groupBy(requests, keyOf)].map(([key, same]) => [key, same.length] as const);
  return Object.fromEntries(counts.toSorted(([, a], [, b]) => b - a));
}

export function whatOf({ verb, requestURI, objectRef }: What): string {
  const { resource = requestURI, subresource } = objectRef ?? {};
  const dryRun = requestURI.includes('dryRun=All') ? ' (dry run)' : '';
  return `${verb} ${resource}${subresource === undefined ? '' : `/${subresource}`}${dryRun}`;
}
