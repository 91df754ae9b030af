import { RuntimeError } from '../cli-error.ts';
import { readInput } from '../read-input.ts';

export interface KeyFileFlags {
  readonly ageKeyFile?: readonly string[];
  readonly pgpKeyFile?: readonly string[];
}

/** Keys of this machine in the form of a key Secret: entries by name. */
export async function keysFromFiles({ ageKeyFile = [], pgpKeyFile = [] }: KeyFileFlags): Promise<Map<string, string>> {
  const entries = new Map<string, string>();
  for (const file of ageKeyFile) {
    const content = await readInput(file, '--age-key-file');
    if (!content.includes('AGE-SECRET-KEY-')) {
      throw new RuntimeError(`--age-key-file ${file}: holds no age identity: give what age-keygen wrote`);
    }
    entries.set(entryOf(file, '.agekey'), content);
  }
  for (const file of pgpKeyFile) {
    const content = await readInput(file, '--pgp-key-file');
    if (!content.includes('-----BEGIN PGP PRIVATE KEY BLOCK-----')) {
      throw new RuntimeError(
        `--pgp-key-file ${file}: holds no armored private key: give what gpg --export-secret-keys --armor wrote`,
      );
    }
    entries.set(entryOf(file, '.asc'), content);
  }
  return entries;
}

/** What a key is tells the end of its entry's name; the file's own name is what messages then say, where it can be. */
function entryOf(file: string, ending: '.agekey' | '.asc'): string {
  return file.endsWith(ending) ? file : `${file}${ending}`;
}

/** Where sops itself looks for age identities. */
export async function keysFromEnvironment(env: NodeJS.ProcessEnv): Promise<Map<string, string>> {
  const entries = new Map<string, string>();
  if (env.SOPS_AGE_KEY) entries.set('SOPS_AGE_KEY.agekey', env.SOPS_AGE_KEY);
  if (env.SOPS_AGE_KEY_FILE) {
    entries.set('SOPS_AGE_KEY_FILE.agekey', await readInput(env.SOPS_AGE_KEY_FILE, 'SOPS_AGE_KEY_FILE'));
  }
  return entries;
}
