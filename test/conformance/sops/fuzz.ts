import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { randomFrom } from '../../support/seeds.ts';
import { randomPlainFile } from './random-file.ts';
import type { SopsTool } from './sops-tool.ts';
import { decryptorWithTestKeys } from './verdict.ts';

const found = new URL('testdata/found.json', import.meta.url);

/** Random files for a while; the smallest of a hundred that come out otherwise is kept and fails the suite from then on. */
export async function fuzz(sops: SopsTool, seconds: number): Promise<void> {
  const decrypt = await decryptorWithTestKeys();
  const endMs = performance.now() + seconds * 1000;
  let asked = 0;
  while (performance.now() < endMs) {
    const seed = Math.floor(Math.random() * 1e9);
    const random = randomFrom(seed);
    const failing = [];
    for (let at = 0; at < 100; at++, asked++) {
      const file = randomPlainFile(random);
      const answer = sops.ask({ name: '', ...file });
      const ours = await decrypt(file.path, answer.encrypted);
      if (ours !== answer.clear) failing.push({ name: `found by seed ${seed}`, path: file.path, ...answer, ours });
    }
    const [smallest] = failing.toSorted((a, b) => a.encrypted.length - b.encrypted.length);
    if (smallest === undefined) continue;
    const { ours, ...kept } = smallest;
    const before = existsSync(found) ? JSON.parse(readFileSync(found, 'utf8')) : [];
    writeFileSync(found, `${JSON.stringify([...before, kept], null, 1)}\n`);
    console.log(`seed ${seed}: ${JSON.stringify(String(ours))} for ${JSON.stringify(kept.clear)}`);
    process.exitCode = 1;
    return;
  }
  console.log(`${asked} random files, no difference`);
}
