import { type Command, Option } from 'commander';
import { renderingOptions, several } from '../options.ts';
import type { BuildFlags } from './flags.ts';

const EXAMPLES = `
Examples:
  stagesetctl build payments                       render every stage of a StageSet on the cluster
  stagesetctl build payments --stage application   one stage only
  stagesetctl build payments --source-dir ./out    with local files in place of the artifacts
  stagesetctl build -f stageset.yaml --source-dir ./checkout --source-dir infra=./infra
                                                   without any cluster
  stagesetctl build ./overlay                      what kustomize build ./overlay prints

An argument that is "." or has a "/" is a folder, any other is the name of a StageSet.
A folder in place of an artifact is read without what Flux leaves out of artifacts by itself: .git, .gitignore,
.gitmodules, .gitattributes, settings of CI services (.github, .gitlab-ci.yml, …), .sops.yaml, .flux.yaml,
.goreleaser.yml, .golangci.yaml; a .sourceignore is not looked at. Links count where they lead to a file within it.
With -f no cluster is asked: age keys are also taken from SOPS_AGE_KEY and SOPS_AGE_KEY_FILE.
YAML comes as one document an object, JSON as one line an object.
Exit codes: 0 success, 2 wrong usage, 3 anything else.
`;

export function addBuildCommand(program: Command): void {
  const option = (flags: string, text: string) => new Option(flags, text);
  const options = [
    option('-f, --filename <file>', 'read the StageSet from a file, - for standard input, and ask no cluster'),
    option('--stage <name>', 'render only this stage; repeatable').argParser(several),
    option('--source-dir <[stage=]folder>', 'local files in place of artifacts; repeatable').argParser(several),
    ...renderingOptions(),
    option('-o, --output <format>', 'output format').choices(['yaml', 'json']).default('yaml'),
    option('--show-secrets', "print the values of Secrets instead of '***'"),
    option('--as-tenant', "read as the StageSet's spec.serviceAccountName"),
  ];
  const command = program
    .command('build')
    .summary("Render a StageSet's manifests, or a folder, to stdout.")
    .description('Renders what a StageSet would apply, or what kustomize makes of a folder, to standard output.')
    .argument('[name-or-folder]', 'name of a StageSet, or a folder such as ./overlay')
    .addHelpText('after', EXAMPLES);
  for (const each of options) command.addOption(each);
  command.action(async (argument: string | undefined) => {
    const { build } = await import('./build.ts');
    process.stdout.write(await build(argument, command.optsWithGlobals<BuildFlags>()));
  });
}
