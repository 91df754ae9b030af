import type { Data, DataKind, ReadData } from '../../main/build/build-inputs.ts';
import { isMap, type YamlMap } from '../../shared/yaml/yaml-value.ts';
import { RuntimeError } from '../cli-error.ts';
import { readObjects } from '../read-input.ts';

/** The ConfigMaps and Secrets of `--substitute-from` files, by kind and name: later ones count. */
export async function dataFromFiles(files: readonly string[]): Promise<ReadData> {
  const found = new Map<string, Data>();
  for (const file of files) {
    const where = `--substitute-from ${file}`;
    for (const object of await readObjects(file, '--substitute-from')) {
      const { kind, name } = identityOf(object, where);
      found.set(`${kind}/${name}`, dataOf(object, `${where}: ${kind} ${name}`));
    }
  }
  return async (kind, name) => found.get(`${kind}/${name}`);
}

function identityOf({ apiVersion, kind, metadata }: YamlMap, where: string): { kind: DataKind; name: string } {
  if (apiVersion !== 'v1' || (kind !== 'ConfigMap' && kind !== 'Secret')) {
    throw new RuntimeError(`${where}: holds something that is neither a ConfigMap nor a Secret of v1`);
  }
  const name = isMap(metadata) ? metadata.name : undefined;
  if (typeof name !== 'string') throw new RuntimeError(`${where}: holds a ${kind} without a metadata.name`);
  return { kind, name };
}

/** As the API server would keep it: a Secret's `stringData` over its `data`. */
function dataOf({ kind, data, stringData }: YamlMap, who: string): Data {
  const plain = texts(data, `${who}: data`);
  if (kind === 'ConfigMap') return plain;
  const decoded = Object.entries(plain).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]);
  return { ...Object.fromEntries(decoded), ...texts(stringData, `${who}: stringData`) };
}

function texts(map: YamlMap[string] | undefined, what: string): Data {
  if (map === undefined || map === null) return {};
  if (!isMap(map)) throw new RuntimeError(`${what} is not a mapping`);
  return Object.fromEntries(
    Object.entries(map).map(([key, value]) => {
      if (typeof value !== 'string') throw new RuntimeError(`${what}.${key} is no text: put it in quotes`);
      return [key, value];
    }),
  );
}
