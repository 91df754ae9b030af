import type { ImageField } from '../kustomization/shape.ts';
import { Problem } from '../problem.ts';
import { type Pattern, partPattern } from '../selectors/pattern.ts';

interface ImageParts {
  readonly name: string;
  readonly tag: string;
  readonly digest: string;
}

const TAG = '(:[a-zA-Z0-9_.{}-]*)?';
const DIGEST = '(@[a-zA-Z0-9]+([.+_-][a-zA-Z0-9]+)*:[a-zA-Z0-9_.{}-]*)?';
const restOfImage = new RegExp(`^${TAG}${DIGEST}$`);

/** Whether an image is of that name, which may be a regular expression; one that is none matches nothing. */
export function imageMatcher(name: string): (image: string) => boolean {
  // Most names are plain, and most images another's.
  if (/^[\w/:-]*$/.test(name)) {
    return (image) => image.startsWith(name) && restOfImage.test(image.slice(name.length));
  }
  const pattern = patternOrNone(`^${name}${TAG}${DIGEST}$`);
  return pattern === undefined ? () => false : (image) => pattern.matches(image);
}

function patternOrNone(source: string): Pattern | undefined {
  try {
    return partPattern(source);
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}

/** A new tag or digest replaces both; a tag's suffix is added to the tag, and the digest is lost. */
export function withImage(image: string, wish: ImageField): string {
  const old = splitImage(image);
  const name = wish.newName || old.name;
  const { newTag = '', digest = '', tagSuffix = '' } = wish;
  if (newTag !== '' || digest !== '') return joined({ name, tag: newTag, digest });
  if (tagSuffix !== '') return joined({ name, tag: old.tag + tagSuffix, digest: '' });
  return joined({ ...old, name });
}

function joined({ name, tag, digest }: ImageParts): string {
  return `${name}${tag === '' ? '' : `:${tag}`}${digest === '' ? '' : `@${digest}`}`;
}

/** A colon before the first slash is a registry's port. */
function splitImage(image: string): ImageParts {
  const start = Math.max(image.indexOf('/'), 0);
  const at = image.indexOf('@', start);
  const colon = image.indexOf(':', start);
  if (at < 0 && colon < 0) return { name: image, tag: '', digest: '' };
  if (at >= 0 && (colon < 0 || at < colon)) return { name: image.slice(0, at), tag: '', digest: image.slice(at + 1) };
  if (at < 0) return { name: image.slice(0, colon), tag: image.slice(colon + 1), digest: '' };
  return { name: image.slice(0, colon), tag: image.slice(colon + 1, at), digest: image.slice(at + 1) };
}
