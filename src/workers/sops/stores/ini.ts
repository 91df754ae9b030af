import { plain } from '../plain.ts';
import { SopsError } from '../sops-error.ts';
import { Comment, isList, type TreeItem, TreeMap } from '../tree.ts';
import { leafText } from './leaf-text.ts';
import { parseIni } from './parse-ini.ts';
import type { Store } from './store.ts';
import { unflatten } from './unflatten.ts';

export const iniStore: Store = {
  read(text) {
    const sections = parseIni(text);
    const sops = sections.find(({ key }) => key === 'sops')?.value;
    if (!(sops instanceof TreeMap)) throw new SopsError('it has no SOPS metadata');
    const entries = sops.items.map(({ key, value }) => [String(key), plain(value)] as const);
    return {
      documents: [new TreeMap(sections.filter(({ key }) => key !== 'sops'))],
      sops: unflatten(
        entries.map(([key, value]) => [key, typeof value === 'string' ? value.replaceAll('\\n', '\n') : value]),
      ),
    };
  },
  print: ([document]) => printSections(document?.items ?? []),
};

function printSections(sections: readonly TreeItem[]): string {
  const texts = sections.flatMap(({ key, value }) => {
    if (key instanceof Comment) return [];
    if (!(value instanceof TreeMap)) throw new SopsError('a section of it is no map');
    if (key === 'DEFAULT' && value.items.length === 0) return [];
    return [printSection(key, value)];
  });
  return texts.join('\n');
}

function printSection(name: string, { items }: TreeMap): string {
  const [first, ...rest] = items;
  const hasComment = first?.key instanceof Comment;
  const head = hasComment ? commentLine(first.key.text) : '';
  const keys = hasComment ? rest : items;
  const width = keys.reduce((most, { key }) => (typeof key === 'string' ? Math.max(most, shown(key).length) : most), 0);
  const lines = keys.map((item, at) => keyLine(item, keys[at + 1], width));
  const title = name === 'DEFAULT' ? '' : `[${name}]\n`;
  return `${head}${title}${lines.join('')}`;
}

/** The comment that follows a key in the tree stands above it in the file. */
function keyLine({ key, value }: TreeItem, next: TreeItem | undefined, width: number): string {
  if (key instanceof Comment) return '';
  if (value instanceof TreeMap || isList(value)) throw new SopsError('a value of it is a list or a map');
  const comment = next?.key instanceof Comment ? commentLine(next.key.text) : '';
  return `${comment}${shown(key).padEnd(width)} = ${quoted(leafText(value))}\n`;
}

function commentLine(text: string): string {
  return `${/^[#;]/.test(text) ? text : `; ${text}`}\n`;
}

function shown(key: string): string {
  if (/["=:]/.test(key)) return `\`${key}\``;
  return key.includes('`') ? `"""${key}"""` : key;
}

function quoted(value: string): string {
  if (/[\n`]/.test(value)) return `"""${value}"""`;
  return /[#;]/.test(value) || value.trim() !== value ? `\`${value}\`` : value;
}
