import { isMap, type YamlMap } from '../../shared/yaml/yaml-value.ts';

/** `Kustomization apps/web` */
export function named({ kind, metadata }: YamlMap): string {
  const { namespace, name } = isMap(metadata) ? metadata : {};
  const place = typeof namespace === 'string' ? `${namespace}/` : '';
  return `${typeof kind === 'string' ? kind : 'an object without kind'} ${place}${typeof name === 'string' ? name : ''}`;
}
