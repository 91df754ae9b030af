import { Problem } from '../problem.ts';
import { isMap, type Node, type NodeMap } from './node.ts';

/** The value of a merge key (`<<`): a map, or maps of which the first that has a field wins. */
export class MergeSource {
  readonly maps: readonly NodeMap[];

  constructor(value: Node) {
    this.maps = (Array.isArray(value) ? value : [value]).map((item) => {
      if (!isMap(item)) throw new Problem('syntax', 'a merge key takes a map or a list of maps');
      return item;
    });
  }
}

/** What a map says itself stays. */
export function mergeInto(map: NodeMap, { maps }: MergeSource): void {
  for (const source of maps) {
    for (const [key, value] of Object.entries(source)) {
      if (!Object.hasOwn(map, key)) map[key] = value;
    }
  }
}
