import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Argument, Command, Option } from 'commander';
import { answersTo, type Lists } from './answers.ts';
import { questionIn } from './question.ts';

const program = new Command('stagesetctl').option('-n, --namespace <name>').option('--kubeconfig <file>');
program
  .command('get')
  .summary('Print.')
  .argument('[name]')
  .addOption(new Option('-o, --output <format>').choices(['json', 'yaml']))
  .option('-A, --all-namespaces', 'all')
  .option('--stage <name>');
program.command('completion').addArgument(new Argument('<shell>').choices(['bash', 'zsh']));
program.command('build').argument('[name-or-folder]');
program.command('trace').argument('<kind/name>').argument('[name]');

const lists: Lists = {
  stageSets: async () => ['payments', 'platform', 'web'],
  stages: async (stageSet) => [`${stageSet}-db`, `${stageSet}-web`],
  namespaces: async () => ['eu', 'us'],
  fromKubeconfig: async () => ['here'],
};

const rows: readonly [line: string, answers: readonly string[], files?: boolean][] = [
  ['', ['get', 'completion', 'build', 'trace']],
  ['ge', ['get']],
  ['-n eu ge', ['get']],
  ['get ', ['payments', 'platform', 'web']],
  ['get pa', ['payments']],
  ['get -A pa', ['payments']],
  ['get -o json pa', ['payments']],
  ['get --output=json pa', ['payments']],
  ['get web ', []],
  ['get -o ', ['json', 'yaml']],
  ['get --output=y', ['--output=yaml']],
  ['get -n ', ['eu', 'us']],
  ['get --namespace=e', ['--namespace=eu']],
  ['get web --stage web-', ['web-db', 'web-web']],
  ['get --stage ', []],
  ['get --kubeconfig ', [], true],
  ['get --all', ['--all-namespaces']],
  ['get -- pa', ['payments']],
  ['get -- -', []],
  ['completion b', ['bash']],
  ['build p', ['payments', 'platform'], true],
  ['trace ', []],
  ['trace pod ', []],
  ['nothing ', []],
];

for (const [line, values, files = false] of rows) {
  test(`"${line}" is completed by ${values.join(', ') || 'nothing'}${files ? ', or a file' : ''}`, async () => {
    const answers = await answersTo(questionIn(line.split(' '), program), program, lists);
    assert.deepEqual([answers.candidates.map(({ value }) => value), answers.files], [values, files]);
  });
}

test('commands and flags come with what they do', async () => {
  const [get] = (await answersTo(questionIn(['g'], program), program, lists)).candidates;
  assert.deepEqual(get, { value: 'get', description: 'Print.' });
});
