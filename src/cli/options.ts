import { Option } from 'commander';

/** Takes what an option is given each time, one after the other. */
export function several(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/** Of commands that render: what takes the place of what only the cluster has. */
export function renderingOptions(): readonly Option[] {
  return [
    new Option('--age-key-file <file>', 'age identities to decrypt with; repeatable').argParser(several),
    new Option('--pgp-key-file <file>', 'armored PGP private keys to decrypt with; repeatable').argParser(several),
    new Option(
      '--substitute-from <file>',
      'ConfigMaps and Secrets that postBuild.substituteFrom names; repeatable',
    ).argParser(several),
  ];
}
