// `npm run dev [FOLDER]`: a cluster with the controller and the examples on it, until Ctrl-C. Saving a file rolls it out.
import { join, relative, resolve } from 'node:path';
import { Interrupted, interruption, unless } from './interruption.ts';
import { type Desk, openDesk } from './playground/desk.ts';
import { type Example, exampleFolders, readExample } from './playground/example.ts';
import { type Playground, startPlayground } from './playground/playground.ts';
import { publishedKinds } from './playground/published-objects.ts';
import { serveExample } from './playground/serve-example.ts';
import { welcome } from './playground/welcome.ts';
import type { News } from './show/news.ts';
import { next, opening } from './show/view.ts';
import { watchRollout } from './show/watch-rollout.ts';

const interrupted = interruption();
const folder = folderNamed(process.argv[2]);

try {
  const folders = await exampleFolders(folder);
  if (folders.length === 0) throw new Error(`no folder in ${folder} holds a stageset.yaml`);
  const examples = await Promise.all(folders.map(readExample));
  await using playground = await unless(interrupted, startPlayground());
  const signal = AbortSignal.any([interrupted, playground.failed]);
  console.log(welcome(playground.plane, shown(folder), examples));
  const desk = await openDesk();
  desk.sayYes();
  await Promise.all(examples.map((example) => keepUp(example, playground, desk, signal)));
  signal.throwIfAborted();
} catch (error) {
  if (!(error instanceof Interrupted)) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
process.exit();

/** npm runs scripts in the folder of the package, and says where it was called. */
function folderNamed(argument: string | undefined): string {
  if (argument === undefined) return join(import.meta.dirname, '..', 'examples');
  return resolve(process.env.INIT_CWD ?? process.cwd(), argument);
}

function shown(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere.startsWith('..') ? path : fromHere;
}

async function keepUp(
  example: Example,
  { plane: { api }, publisher }: Playground,
  desk: Desk,
  signal: AbortSignal,
): Promise<void> {
  const { namespace = 'default', name } = example.stageSet.metadata;
  let view = opening([], 0);
  const tell = (news: News) => {
    const told = view.feed.length;
    view = next(view, news, 0);
    const time = new Date().toLocaleTimeString('en-GB');
    for (const { text } of view.feed.slice(told)) console.log(`${time}  ${name}: ${text}`);
  };
  watchRollout(api, { namespace, name, kinds: publishedKinds(example) }, tell, signal);
  await serveExample(example.folder, { api, publisher, desk, tell, signal });
}
