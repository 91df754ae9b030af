import { readFile } from 'node:fs/promises';

/** One request of the controller, as the API server's audit log has it. */
export interface SentRequest {
  readonly verb: string;
  /** `configmaps`, `stagesets/status`. */
  readonly resource: string;
  readonly name: string;
  readonly dryRun: boolean;
}

interface AuditEvent {
  readonly stage: string;
  readonly verb: string;
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
  const lines = (await readFile(auditLogPath, 'utf8')).split('\n');
  return lines.flatMap((line) => {
    // Only these are worth parsing: the log has a line for each request of every component.
    if (!line.includes('"stageset-controller/') || !line.endsWith('}')) return [];
    const { stage, verb, requestURI, objectRef } = JSON.parse(line) as AuditEvent;
    if (stage !== 'ResponseComplete' || verb === 'watch' || objectRef?.namespace !== namespace) return [];
    const { resource = '', subresource, name = '' } = objectRef;
    return [
      {
        verb,
        resource: subresource === undefined ? resource : `${resource}/${subresource}`,
        name,
        dryRun: requestURI.includes('dryRun='),
      },
    ];
  });
}
