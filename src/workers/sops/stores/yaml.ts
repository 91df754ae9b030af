import { parseYaml } from './parse-yaml.ts';
import { printYamlTree } from './print-yaml-tree.ts';
import type { Store } from './store.ts';
import { takeSops } from './take-sops.ts';

export const yamlStore: Store = {
  read: (text) => takeSops(parseYaml(text)),
  print: (documents) => documents.map(printYamlTree).join('---\n'),
};
