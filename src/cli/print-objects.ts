import { printYaml } from '../shared/go-yaml/print-yaml.ts';
import { stringifyExact } from '../shared/json/exact-json.ts';
import type { YamlMap } from '../shared/yaml/yaml-value.ts';

export type OutputFormat = 'yaml' | 'json';

/** As kustomize prints them: `---` between two objects. */
export function printBetween(objects: readonly YamlMap[], format: OutputFormat): string {
  return format === 'json' ? jsonLines(objects) : objects.map(printYaml).join('---\n');
}

/** As a stream that another one may follow: `---` before each. */
export function printEach(objects: readonly YamlMap[], format: OutputFormat): string {
  return format === 'json' ? jsonLines(objects) : objects.map((object) => `---\n${printYaml(object)}`).join('');
}

function jsonLines(objects: readonly YamlMap[]): string {
  return objects.map((object) => `${stringifyExact(object)}\n`).join('');
}
