import { existsSync, writeFileSync } from 'node:fs';
import { allCases } from './cases.ts';
import { fuzz } from './fuzz.ts';
import { makeKeys } from './make-keys.ts';
import { SopsTool } from './sops-tool.ts';
import { keysFile, testKeys } from './test-keys.ts';

// Has the real sops encrypt every case and decrypt it again, and writes both down. With `fuzz [seconds]`: random files,
// until one comes out otherwise.

if (!existsSync(keysFile)) writeFileSync(keysFile, `${JSON.stringify(await makeKeys(), null, 1)}\n`);
using sops = await SopsTool.open(testKeys());
const [mode, seconds = '60'] = process.argv.slice(2);
if (mode === 'fuzz') await fuzz(sops, Number(seconds));
else renew();

function renew(): void {
  const answered = allCases().map((asked) => {
    const { name, path } = asked;
    return JSON.stringify({ name, path, ...sops.ask(asked) });
  });
  writeFileSync(new URL('testdata/cases.json', import.meta.url), `[\n${answered.join(',\n')}\n]\n`);
  console.log(`${answered.length} cases`);
}
