import { readFile } from 'node:fs/promises';
import { Argument, type Command } from 'commander';

/** At the root of the package, for whoever packages it to put where their shells look. */
const scripts = new URL('../../../completions/', import.meta.url);
const shells = ['bash', 'zsh', 'fish'];

const EXAMPLES = `
Examples:
  source <(stagesetctl completion bash)           in ~/.bashrc
  source <(stagesetctl completion zsh)            in ~/.zshrc
  stagesetctl completion fish | source            in ~/.config/fish/config.fish

Completes commands, flags, and names as they are on the cluster: StageSets, stages, namespaces; contexts as the kubeconfig
has them. kubectl completes "kubectl stageset" by itself where kubectl_complete-stageset is on the PATH.
`;

export function addCompletionCommand(program: Command): void {
  program
    .command('completion')
    .summary('Print the completion script of a shell.')
    .description('Prints what makes a shell complete stagesetctl commands.')
    .addArgument(new Argument('<shell>', 'which shell').choices(shells))
    .addHelpText('after', EXAMPLES)
    .action(async (shell: string) => {
      process.stdout.write(await readFile(new URL(`stagesetctl.${shell}`, scripts), 'utf8'));
    });
}
