import { readFileSync } from 'node:fs';
import type { KeyName } from './cases.ts';

/** Made for these tests, and good for nothing else. */
export interface TestKey {
  readonly name: KeyName;
  /** An age recipient or a PGP fingerprint. */
  readonly recipient: string;
  /** An age identity or an armored PGP private key. */
  readonly secret: string;
  /** Armored, of PGP keys. */
  readonly publicKey?: string;
}

export const keysFile = new URL('testdata/keys.json', import.meta.url);

export function testKeys(): readonly TestKey[] {
  return JSON.parse(readFileSync(keysFile, 'utf8'));
}
