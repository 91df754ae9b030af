import { flags } from '../../src/main/flags/table.ts';
import { type Leaf, leavesOf, type Values } from './value.ts';

/** The table of all values, as Markdown. */
export function valuesTable(values: Values): string {
  return `| value | default | flag | meaning |
|---|---|---|---|
${leavesOf(values).map(row).join('\n')}
`;
}

function row([path, { says, fallback, flag }]: readonly [string, Leaf]): string {
  const cells = [
    `\`${path}\``,
    `\`${JSON.stringify(fallback)}\``,
    flag === undefined ? '' : `\`--${flags[flag].name}\``,
    says,
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
