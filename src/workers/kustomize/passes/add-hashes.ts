import { hash } from 'node:crypto';
import { goJson } from '../nodes/go-json.ts';
import { isMap, type Node, type NodeMap } from '../nodes/node.ts';
import { textOf } from '../nodes/scalars.ts';
import type { Pass } from './pass.ts';

/** Names of generated objects end in a hash of their content, so that whoever uses them notices a change. */
export const addHashes: Pass = (resources) => {
  for (const resource of resources.items) {
    if (!resource.needsHash) continue;
    resource.rememberId();
    resource.setName(`${resource.name}-${contentHash(resource.node)}`);
  }
  resources.idsChanged();
};

/** The name does not count, so that a prefix does not change it. */
function contentHash(node: NodeMap): string {
  const kind = textOf(node.kind);
  const content =
    kind === 'Secret'
      ? { data: part(node.data), kind, name: '', ...mapOnly('stringData', node.stringData), type: part(node.type) }
      : { ...mapOnly('binaryData', node.binaryData), data: part(node.data), kind, name: '' };
  return readable(hash('sha256', goJson(content)).slice(0, 10));
}

function part(node: Node | undefined): Node {
  return isMap(node) ? node : textOf(node);
}

function mapOnly(name: string, node: Node | undefined): Readonly<Record<string, Node>> {
  return isMap(node) ? { [name]: node } : {};
}

const letters: Readonly<Record<string, string>> = { '0': 'g', '1': 'h', '3': 'k', a: 'm', e: 't' };

/** Without the vowels and digits that could make up a word. */
function readable(hex: string): string {
  return hex.replace(/[013ae]/g, (digit) => letters[digit] ?? digit);
}
