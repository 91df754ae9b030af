// `npm run dev [FOLDER]`: a cluster with the controller and the examples on it, until Ctrl-C. Saving a file rolls it out.
import { join, relative, resolve } from 'node:path';
import { Interrupted, interruption, unless } from './interruption.ts';
import { exampleFolders, readExample } from './playground/example.ts';
import { type Playground, startPlayground } from './playground/playground.ts';
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
  console.log(welcome(playground.plane, relative(process.cwd(), folder), examples));
  await Promise.all(folders.map((example) => keepUp(example, playground, signal)));
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

async function keepUp(example: string, { plane: { api }, publisher }: Playground, signal: AbortSignal): Promise<void> {
  const { namespace = 'default', name } = (await readExample(example)).stageSet.metadata;
  const tell = (line: string) => console.log(`${new Date().toLocaleTimeString('en-GB')}  ${name}: ${line}`);
  watchRollout(api, { namespace, name, kinds: [] }, storyteller(tell), signal);
  await serveExample(example, { api, publisher, tell, signal });
}

function storyteller(tell: (line: string) => void): (news: News) => void {
  let view = opening([], 0);
  return (news) => {
    const told = view.feed.length;
    view = next(view, news, 0);
    for (const { text } of view.feed.slice(told)) tell(text);
  };
}
