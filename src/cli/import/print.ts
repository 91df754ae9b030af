import { printYaml } from '../../shared/go-yaml/print-yaml.ts';
import type { YamlMap } from '../../shared/yaml/yaml-value.ts';
import { oneLine } from '../output/text-width.ts';
import { type OutputFormat, printEach } from '../print-objects.ts';
import type { Addition, Imported } from './imported.ts';
import { describeNote } from './note.ts';

/** Sources before the StageSets that name them. */
export function printImported(all: readonly Imported[], format: OutputFormat): string {
  return all
    .map((imported) => {
      const { set, sources } = imported;
      const printed = printEach([...sources, set as unknown as YamlMap], format);
      return format === 'json' ? printed : withComments(printed, headerOf(imported));
    })
    .join('');
}

function withComments(yaml: string, comments: string): string {
  return yaml.replace('---\n', () => `---\n${comments}`);
}

function headerOf({ from, notes, additions }: Imported): string {
  const lines = [
    `From ${oneLine(from)}.`,
    ...(notes.length > 0 ? ['', 'What to look at:', ...notes.map((note) => `- ${oneLine(describeNote(note))}`)] : []),
    ...additions.flatMap(additionLines),
  ];
  return lines
    .map((line) => `# ${line}`.trimEnd())
    .join('\n')
    .concat('\n');
}

function additionLines({ path, fields }: Addition): readonly string[] {
  const yaml = printYaml(fields).trimEnd().split('\n');
  return ['', `To add to the kustomization.yaml in ${oneLine(path)}:`, ...yaml.map((line) => `  ${line}`)];
}
