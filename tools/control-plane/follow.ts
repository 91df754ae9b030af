import { setTimeout as delay } from 'node:timers/promises';
import type { KubeObject } from '../../src/shared/objects/object.ts';
import type { Change, KubeApi, ListOptions } from './kube-api.ts';

export interface Followed extends ListOptions {
  readonly apiVersion: string;
  readonly kind: string;
}

const REOPEN_MS = 500;

/**
 * Tells what is there and then every change, each once, until the signal.
 * Servers end watches now and then: it is opened again. What went in between is not told.
 */
export async function follow<T extends KubeObject>(
  api: KubeApi,
  { apiVersion, kind, ...options }: Followed,
  tell: (change: Change<T>) => void,
  signal: AbortSignal,
): Promise<void> {
  const told = new Map<string | undefined, string | undefined>();
  while (!signal.aborted) {
    try {
      for await (const change of api.watch<T>(apiVersion, kind, { ...options, signal })) {
        const { uid, resourceVersion } = change.object.metadata;
        if (told.get(uid) === resourceVersion) continue;
        told.set(uid, resourceVersion);
        tell(change);
      }
    } catch {
      // The server is away or ended it in the middle: asked again below.
    }
    if (!signal.aborted) await delay(REOPEN_MS, undefined, { signal }).catch(() => undefined);
  }
}
