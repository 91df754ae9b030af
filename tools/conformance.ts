// `npm run conformance -- renew|fuzz [SUITE…] [--seconds=60]`: asks the real tools about every case and writes their
// answers down, or compares ours with theirs on random input; a difference is shrunk, shown and kept.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

interface Suite {
  readonly renew: readonly (readonly string[])[];
  /** Undefined where random input is part of the suite's own tests. */
  readonly fuzz?: (seconds: string) => readonly string[];
}

const suites: Readonly<Record<string, Suite>> = {
  kustomize: {
    renew: [['kustomize/renew.ts'], ['kustomize/renew-flux.ts']],
    fuzz: (seconds) => ['kustomize/fuzz.ts', `--seconds=${seconds}`, '--keep'],
  },
  envsubst: { renew: [['envsubst/renew.ts']], fuzz: (seconds) => ['envsubst/renew.ts', 'fuzz', seconds] },
  sops: { renew: [['sops/renew.ts']], fuzz: (seconds) => ['sops/renew.ts', 'fuzz', seconds] },
  'flux-health': { renew: [['flux-health/renew.ts']] },
  kstatus: { renew: [['kstatus/renew.ts']] },
  import: { renew: [['import/renew.ts']] },
};

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: 'string', default: '60' } },
});
const [what, ...wanted] = positionals;
const unknown = wanted.filter((name) => suites[name] === undefined);
if ((what !== 'renew' && what !== 'fuzz') || unknown.length > 0) {
  console.error(`Usage: npm run conformance -- renew|fuzz [${Object.keys(suites).join('|')}]… [--seconds=60]`);
  process.exit(2);
}

for (const [name, { renew, fuzz }] of Object.entries(suites)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const scripts = what === 'renew' ? renew : [fuzz?.(values.seconds) ?? []];
  for (const [script, ...args] of scripts) {
    if (script === undefined) continue;
    console.log(`${name}: ${what}`);
    const path = join(import.meta.dirname, '..', 'test', 'conformance', script);
    if (spawnSync(process.execPath, [path, ...args], { stdio: 'inherit' }).status !== 0) process.exitCode = 1;
  }
}
