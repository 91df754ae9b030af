import { dump } from 'js-yaml';
import { isGroup, type Leaf, type Values } from './value.ts';

/** `values.yaml`: each value under what it says. */
export function valuesYaml(values: Values): string {
  return `# Generated from tools/chart/values.ts by \`npm run generate\`.\n${lines(values, '').join('\n')}\n`;
}

function lines(values: Values, indent: string): readonly string[] {
  return Object.entries(values).flatMap(([key, value]) => {
    const comment = value.says === undefined ? [] : wrapped(value.says, `${indent}# `);
    if (isGroup(value)) return [...comment, `${indent}${key}:`, ...lines(value.values, `${indent}  `)];
    return [...comment, ...entry(key, value, indent)];
  });
}

function entry(key: string, { fallback }: Leaf, indent: string): readonly string[] {
  const yaml = dump({ [key]: fallback }, { lineWidth: -1, noRefs: true }).trimEnd();
  return yaml.split('\n').map((line) => `${indent}${line}`);
}

const WIDTH = 120;

function wrapped(says: string, prefix: string): readonly string[] {
  const found: string[] = [];
  let line = prefix.trimEnd();
  for (const word of says.split(' ')) {
    if (line.length + 1 + word.length > WIDTH) {
      found.push(line);
      line = prefix.trimEnd();
    }
    line += ` ${word}`;
  }
  return [...found, line];
}
