import type { ConnectionFlags } from '../connection/flags.ts';
import type { Command } from './answer.ts';

/** As to be pasted into a shell: for the same cluster, as the same user. Tokens and passwords are never told. */
export function shellWords(command: Command, flags: ConnectionFlags): string {
  const { kubeconfig, context, cluster, user, as, asGroup = [] } = flags;
  const connection = Object.entries({ kubeconfig, context, cluster, user, as }).flatMap(([flag, value]) =>
    value === undefined ? [] : [`--${flag}`, value],
  );
  const groups = asGroup.flatMap((group) => ['--as-group', group]);
  return [...command, ...connection, ...groups].map(quoted).join(' ');
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
