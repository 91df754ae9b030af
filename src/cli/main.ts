import { enableCompileCache } from 'node:module';
import { isAbsolute, join } from 'node:path';
import { homeFolder } from '../main/kube/home-folder.ts';

// Most of a short run would go into compiling what did not change since the last one. In a folder of the user's own,
// never in one below where the user happens to be: what lies in it is run. Where it cannot be written, all goes on
// without it.
const caches = process.env.XDG_CACHE_HOME || join(homeFolder(), '.cache');
if (isAbsolute(caches)) enableCompileCache(join(caches, 'stagesetctl'));

const { run } = await import('./program.ts');
await run(process.argv.slice(2));
