import { maskSecrets } from '../../shared/objects/mask.ts';
import type { Mask } from './judge-change.ts';
import { numbered } from './numbered.ts';

/** The mask of one run: in all of it the same secret has the same number. */
export function maskFor({ showSecrets = false }: { readonly showSecrets?: boolean }): Mask {
  const maskOf = numbered();
  return (object, known) => (showSecrets ? object : maskSecrets(object, known, maskOf));
}
