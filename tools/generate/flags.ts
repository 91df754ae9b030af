import type { Flag } from '../../src/main/flags/flag.ts';
import { defaultOf, type FlagGroup } from '../../src/main/flags/help.ts';
import { flagGroups } from '../../src/main/flags/table.ts';

/** The page of the controller's flags, by path from the repository's root. */
export async function generatedFiles(): Promise<ReadonlyMap<string, string>> {
  return new Map([['docs/flags.md', flagsPage(flagGroups)]]);
}

function flagsPage(groups: readonly FlagGroup[]): string {
  return `<!-- Generated from src/main/flags by \`npm run generate\`. -->

# Flags of the controller

\`stageset-controller --help\` tells the same. A value comes after \`=\` or as the next argument, one dash does as well as two, and a switch is
on when it is named (\`--leader-elect\`) or as it says (\`--drift-watch=false\`). What is wrong with a flag, or between two, is told in one line
that names it, and the process ends with 2. A flag that is absent or empty is read from its environment variable, where it has one. Secrets
are better given that way: a command line is there for every process of the machine to read.

Durations are written as in Go (\`90s\`, \`1h30m\`), sizes as in Kubernetes (\`512Mi\`).

${groups.map(section).join('\n')}`;
}

function section({ title, flags }: FlagGroup): string {
  return `## ${title}

| flag | value | default | meaning |
|---|---|---|---|
${Object.values(flags).map(row).join('\n')}
`;
}

function row(flag: Flag<unknown>): string {
  const stands = defaultOf(flag);
  const meaning = [
    flag.help,
    ...(flag.repeats ? ['Repeatable.'] : []),
    ...(flag.environment === undefined ? [] : [`Also from \`${flag.environment}\`.`]),
  ].join(' ');
  const cells = [
    `\`--${flag.name}\``,
    `\`${flag.value ?? 'true|false'}\``,
    stands === '' ? '' : `\`${stands}\``,
    meaning,
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
