import { plain } from '../plain.ts';
import { SopsError } from '../sops-error.ts';
import { TreeMap } from '../tree.ts';
import type { EncryptedDocuments } from './store.ts';

/** Each document has a copy of the metadata; the first one's counts. */
export function takeSops(documents: readonly TreeMap[]): EncryptedDocuments {
  const sops = documents[0]?.get('sops');
  if (!(sops instanceof TreeMap)) throw new SopsError('it has no SOPS metadata');
  const rest = documents.map(({ items }) => new TreeMap(items.filter(({ key }) => key !== 'sops')));
  return { documents: rest, sops: plain(sops) };
}
