import { plain } from '../plain.ts';
import { SopsError } from '../sops-error.ts';
import { Comment, isList, type TreeItem, TreeMap } from '../tree.ts';
import { leafText } from './leaf-text.ts';
import type { Store } from './store.ts';
import { unflatten } from './unflatten.ts';

const PREFIX = 'sops_';

export const dotenvStore: Store = {
  read(text) {
    const items = text.split('\n').flatMap(itemOf);
    const isMetadata = ({ key }: TreeItem) => typeof key === 'string' && key.startsWith(PREFIX);
    const metadata = items.filter(isMetadata);
    if (metadata.length === 0) throw new SopsError('it has no SOPS metadata');
    const documents = [new TreeMap(items.filter((item) => !isMetadata(item)))];
    return {
      documents,
      sops: unflatten(metadata.map(({ key, value }) => [String(key).slice(PREFIX.length), plain(value)])),
    };
  },
  print: ([document]) => (document?.items ?? []).map(lineOf).join(''),
};

function itemOf(line: string): readonly TreeItem[] {
  if (line === '') return [];
  if (line.startsWith('#')) return [{ key: new Comment(line.slice(1)), value: null }];
  const equals = line.indexOf('=');
  if (equals < 0) throw new SopsError('a line of it has no "="');
  return [{ key: line.slice(0, equals), value: line.slice(equals + 1).replaceAll('\\n', '\n') }];
}

function lineOf({ key, value }: TreeItem): string {
  if (key instanceof Comment) return `#${key.text}\n`;
  if (value instanceof TreeMap || isList(value)) throw new SopsError('a value of it is a list or a map');
  return `${key}=${typeof value === 'string' ? value.replaceAll('\n', '\\n') : leafText(value)}\n`;
}
