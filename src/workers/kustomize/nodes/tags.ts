import { Problem } from '../problem.ts';
import { type Node, Scalar, type Tag } from './node.ts';
import { plainScalar, taggedScalar } from './scalars.ts';

const CORE = 'tag:yaml.org,2002:';

/** `!!str` and the like as what they stand for; a `!` alone is no tag. */
export function fullTagName(written: string, handles: Readonly<Record<string, string>>): string {
  if (written === '!') return `${CORE}str`;
  if (written.startsWith('!<')) return written.slice(2, -1);
  const handle = /^!(?:[\w-]*!)?/.exec(written)?.[0] ?? '!';
  const prefix = Object.hasOwn(handles, handle) ? handles[handle] : handle === '!!' ? CORE : handle;
  return `${prefix}${written.slice(handle.length)}`;
}

const coreTags: ReadonlySet<string> = new Set<Tag>(['str', 'int', 'float', 'bool', 'null', 'timestamp', 'binary']);

/** A scalar whose tag is written before it. Tags of the file's own mean nothing. */
export function explicitScalar(tag: string, text: string): Node {
  if (!tag.startsWith(CORE)) return plainScalar(text);
  const short = tag.slice(CORE.length);
  if (!coreTags.has(short)) throw new Problem('syntax', 'a scalar has a tag that is not known');
  return short === 'binary' ? new Scalar('binary', text) : taggedScalar(short as Tag, text);
}
