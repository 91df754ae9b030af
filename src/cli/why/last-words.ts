import type { TroubledContainer } from '../../main/apply/pod-problem.ts';
import { fieldAt, isFields } from '../../shared/kstatus/fields.ts';
import type { KubeObject } from '../../shared/objects/object.ts';
import type { Reader } from '../owned/reader.ts';

const PATIENCE_MS = 3_000;
const LONGEST = 300;

export interface LastWords {
  readonly text: string | undefined;
  /** Whether a container that ran before this one said it: `kubectl logs` wants to know. */
  readonly previous: boolean;
}

/** What a container said before it ended: its termination message, or the last line of its log. */
export async function lastWordsOf(pod: KubeObject, container: TroubledContainer, reader: Reader): Promise<LastWords> {
  const { status } = container;
  const previous = !isFields(fieldAt(status, 'state.terminated'));
  const message = fieldAt(status, `${previous ? 'lastState' : 'state'}.terminated.message`);
  const text =
    typeof message === 'string' ? lastLine(message) : await lastLogLine(pod, container.name, previous, reader);
  return { text, previous };
}

/** Undefined where the log cannot be had: no kubelet, no rights, nothing in it. */
async function lastLogLine(
  { metadata }: KubeObject,
  container: string,
  previous: boolean,
  { client }: Reader,
): Promise<string | undefined> {
  try {
    const chunks = await client.stream({
      method: 'GET',
      path: `/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}/log`,
      query: { container, tailLines: '1', ...(previous && { previous: 'true' }) },
      timeoutMs: PATIENCE_MS,
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    return lastLine(Buffer.concat(await Array.fromAsync(chunks)).toString('utf8'));
  } catch {
    return undefined; // it explains nothing, and hides nothing either
  }
}

function lastLine(text: string): string | undefined {
  const line = text.trim().split('\n').at(-1)?.trim() ?? '';
  if (line === '') return undefined;
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}
