import type { Plain } from '../plain.ts';
import { SopsError } from '../sops-error.ts';

const MAX_DEPTH = 16;
const MAX_POSITION = 10_000;

/** A map or a list that is still being put together. */
type Node = Map<string | number, Node | Plain>;

/** Formats without nesting hold the metadata under names like `age__list_0__map_enc`. */
export function unflatten(entries: readonly (readonly [path: string, value: Plain])[]): Plain {
  const root: Node = new Map();
  for (const [path, value] of entries) place(root, stepsOf(path), value);
  return settled(root);
}

function stepsOf(path: string): readonly (string | number)[] {
  const [first = '', ...rest] = path.split(/(__map_|__list_)/);
  const steps: (string | number)[] = [first];
  for (let at = 0; at < rest.length; at += 2) {
    const name = rest[at + 1] ?? '';
    if (rest[at] === '__map_') steps.push(name);
    else if (Number(name) <= MAX_POSITION) steps.push(Number(name));
    else throw new SopsError('its metadata has a list that is too long');
  }
  if (steps.length > MAX_DEPTH) throw new SopsError('its metadata is nested too deeply');
  return steps;
}

function place(root: Node, steps: readonly (string | number)[], value: Plain): void {
  let node = root;
  for (const step of steps.slice(0, -1)) {
    const next = node.get(step) ?? new Map();
    if (!(next instanceof Map)) throw new SopsError('its metadata contradicts itself');
    node.set(step, next);
    node = next;
  }
  node.set(steps.at(-1) ?? '', value);
}

function settled(node: Node | Plain): Plain {
  if (!(node instanceof Map)) return node;
  if (!node.has(0)) return Object.fromEntries([...node].map(([key, value]) => [key, settled(value)]));
  return [...node].sort(([a], [b]) => Number(a) - Number(b)).map(([, value]) => settled(value));
}
