import { SopsError } from '../sops-error.ts';
import { Comment, type TreeItem, TreeMap } from '../tree.ts';

interface Section {
  readonly name: string;
  readonly items: TreeItem[];
}

/** Sections in order; what stands above the first is section `DEFAULT`. */
export function parseIni(text: string): readonly TreeItem[] {
  const sections: Section[] = [{ name: 'DEFAULT', items: [] }];
  let comments: string[] = [];
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  for (let at = 0; at < lines.length; at++) {
    const line = (lines[at] ?? '').trim();
    if (line === '') comments = [];
    else if (/^[#;]/.test(line)) comments.push(line);
    else if (line.startsWith('[')) {
      sections.push({ name: sectionName(line), items: commentItems(comments) });
      comments = [];
    } else {
      const { key, rest } = splitKey(line);
      const value = readValue(rest, lines, at);
      at = value.lastLine;
      sections.at(-1)?.items.push({ key, value: value.text }, ...commentItems(comments));
      comments = [];
    }
  }
  return sections.map(({ name, items }) => ({ key: name, value: new TreeMap(items) }));
}

function sectionName(line: string): string {
  const end = line.lastIndexOf(']');
  if (end < 0) throw new SopsError('a section of it is not closed');
  return line.slice(1, end);
}

function commentItems(comments: readonly string[]): TreeItem[] {
  if (comments.length === 0) return [];
  const text = comments.join('\n');
  const bare = text.startsWith(';') ? text.replace(/^[; ]+/, '') : text.replace(/^[# ]+/, '');
  return [{ key: new Comment(bare), value: null }];
}

function splitKey(line: string): { readonly key: string; readonly rest: string } {
  const quote = /^("""|`|")/.exec(line)?.[0] ?? '';
  const end = quote === '' ? line.search(/[=:]/) : line.indexOf(quote, quote.length);
  if (end < 0) throw new SopsError('a line of it has no "="');
  if (quote === '') return { key: line.slice(0, end).trim(), rest: line.slice(end + 1) };
  const after = line.slice(end + quote.length);
  return { key: line.slice(quote.length, end), rest: after.replace(/^\s*[=:]/, '') };
}

/** A value in back quotes or three quotes may go over several lines. */
function readValue(rest: string, lines: readonly string[], line: number): { text: string; lastLine: number } {
  const start = rest.trim();
  const quote = /^("""|`)/.exec(start)?.[0];
  if (quote === undefined) return { text: unquoted(start.replace(/\s[#;].*$/, '').trim()), lastLine: line };
  const first = rest.trimStart().slice(quote.length);
  const parts = [first];
  let lastLine = line;
  for (let part = first; !part.includes(quote); parts.push(part)) {
    lastLine++;
    if (lastLine >= lines.length) throw new SopsError('a value of it is not closed');
    part = lines[lastLine] ?? '';
  }
  const text = parts.join('\n');
  return { text: text.slice(0, text.indexOf(quote)), lastLine };
}

function unquoted(text: string): string {
  const isQuoted = text.length > 1 && /^(["']).*\1$/s.test(text);
  return isQuoted ? text.slice(1, -1) : text;
}
