import { createHash } from 'node:crypto';
import { systemClock } from '../../src/shared/time/clock.ts';
import type { KubeApi } from '../control-plane/kube-api.ts';
import { createNamespace } from '../control-plane/namespace.ts';
import type { Files } from '../publisher/archive.ts';
import type { Publisher } from '../publisher/publisher.ts';
import type { News } from '../show/news.ts';
import { askingAt, type Desk } from './desk.ts';
import { type Example, readExample } from './example.ts';
import { publishedObjects } from './published-objects.ts';
import { Settled } from './settled.ts';

export interface ServeOptions {
  readonly api: KubeApi;
  readonly publisher: Publisher;
  readonly desk: Desk;
  /** What was published or applied, and what could not be. */
  readonly tell: (news: News) => void;
  readonly signal: AbortSignal;
}

// Node's recursive watch loses files that an editor renames into place, so the folder is read again and again.
const EVERY_MS = 250;

/** Publishes the sources of an example and applies its StageSet, and whatever of it changes, until the signal. */
export async function serveExample(folder: string, options: ServeOptions): Promise<void> {
  const settled = new Settled();
  const complain = ({ message }: Error) => options.tell({ is: 'deed', text: message });
  while (!options.signal.aborted) {
    const found = await readExample(folder).catch(asError);
    if (!(found instanceof Error)) await serveNews(found, settled, options).catch((error) => complain(asError(error)));
    else if (settled.isNews('mistake', found.message)) complain(found);
    await systemClock.sleep(EVERY_MS, options.signal).catch(() => undefined);
  }
}

async function serveNews(example: Example, settled: Settled, { api, publisher, desk, tell }: ServeOptions) {
  const { stageSet, sources } = askingAt(desk, example);
  const { namespace = 'default', name } = stageSet.metadata;
  const moved = [...sources].filter(([source, files]) => settled.isNews(`source ${source}`, digestOf(files)));
  const isNewSet = settled.isNews('stage set', JSON.stringify(stageSet));
  if (isNewSet) await createNamespace(api, namespace);
  for (const [source, files] of moved) {
    const { artifact } = await publisher.publish({ namespace, name: source, files });
    const revision = `${artifact.revision.slice(0, 24)}… of ${source}`;
    tell({ is: 'published', revision, objects: publishedObjects(example) });
  }
  if (!isNewSet) return;
  await api.apply({ ...stageSet }, { fieldManager: 'npm-run-dev' });
  tell({ is: 'deed', text: `StageSet/${name} is applied` });
}

function digestOf(files: Files): string {
  const hash = createHash('sha256');
  for (const [path, content] of Object.entries(files)) hash.update(`${path}\0${content.length}\0`).update(content);
  return hash.digest('hex');
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
