import { type Command, Option } from 'commander';
import { several } from '../options.ts';
import type { ImportFlags } from './import.ts';
import { importedKinds } from './kinds.ts';

const EXAMPLES = `
Examples:
  stagesetctl import -f kustomization.yaml           a StageSet for each Kustomization in the file
  stagesetctl import kustomization web -n apps       the same of one on the cluster
  stagesetctl import application web -n argocd       one of Argo CD, and the windows of its project
  stagesetctl import -f app.yaml --source-dir .      sync waves become stages, hooks become actions
  flux export kustomization --all | stagesetctl import -f - > stagesets.yaml

Nothing on the cluster is changed, and nothing on disk but with --write-hooks. What has no equivalent is said on standard error and at the top of the YAML:
the field, why, and what to do instead. A field is carried over or noted, never lost. An object that cannot be imported is named, the others are printed.
Exit codes: 0 success, 2 wrong usage, 3 anything else, also when only some could be imported.
`;

export function addImportCommand(program: Command): void {
  const command = program
    .command('import')
    .summary('Make a StageSet of a Flux Kustomization or an Argo CD Application.')
    .description('Prints the StageSet that does what a Kustomization of Flux or an Application of Argo CD does.')
    .argument('[kind-and-name...]', 'kustomization NAME or application NAME: read it from the cluster')
    .addOption(
      new Option(
        '-f, --filename <file>',
        'read from a file, - for standard input, and ask no cluster; repeatable',
      ).argParser(several),
    )
    .addOption(new Option('--kind <kind>', 'of a file, import only objects of this kind').choices(importedKinds))
    .addOption(
      new Option(
        '--source-dir <[stage=]folder>',
        "a checkout of the source, for what the objects' annotations say: waves, hooks, what stays; repeatable",
      ).argParser(several),
    )
    .addOption(new Option('--write-hooks', 'write the manifests of hooks into the folders that the actions render'))
    .addOption(new Option('-o, --output <format>', 'output format').choices(['yaml', 'json']).default('yaml'))
    .addOption(new Option('--show-secrets', 'take over patches of Secrets, values and all'))
    .addHelpText('after', EXAMPLES);
  command.action(async (words: readonly string[]) => {
    const { importAll } = await import('./import.ts');
    const { text, exitCode } = await importAll(words, command.optsWithGlobals<ImportFlags>());
    process.stdout.write(text);
    process.exitCode = exitCode;
  });
}
