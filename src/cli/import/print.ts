import { printYaml } from '../../shared/go-yaml/print-yaml.ts';
import { oneLine } from '../output/text-width.ts';
import { type OutputFormat, printEach } from '../print-objects.ts';
import { type Addition, type Imported, printedOf } from './imported.ts';
import { describeNote } from './note.ts';

export function printImported(all: readonly Imported[], format: OutputFormat): string {
  return all
    .map((imported) => {
      const printed = printEach(printedOf(imported), format);
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
