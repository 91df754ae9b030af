import type { Deed } from './fields.ts';

/** What no walk does, and why. */
export const leftOut: Readonly<Record<Deed, string>> = {
  'decryption.provider changed': 'there is one provider',
  'kubeConfig.configMapRef.name set': 'is refused, whatever it names: test/integration/remote.test.ts',
  'kubeConfig.configMapRef.name changed': 'as above',
  'kubeConfig.configMapRef.name removed': 'as above',
};
