import { randomBytes } from 'node:crypto';

/** Who may speak to the API server, by the groups it puts them in. Each component has a name of its own in the audit log. */
const groupsOf = {
  admin: ['system:masters'],
  /** An ordinary user: what it may do is what a test or the chart grants it. */
  controller: [],
  'kube-controller-manager': ['system:masters'],
  'kube-scheduler': ['system:masters'],
  kwok: ['system:masters'],
} as const satisfies Record<string, readonly string[]>;

export type User = keyof typeof groupsOf;
export type Tokens = Readonly<Record<User, string>>;

export const users = Object.keys(groupsOf) as readonly User[];

export function newTokens(): Tokens {
  return Object.fromEntries(users.map((user) => [user, randomBytes(16).toString('hex')])) as Tokens;
}

/** As `--token-auth-file` reads it. */
export function tokenFile(tokens: Tokens): string {
  return users.map((user) => `${tokens[user]},${user},${user},"${groupsOf[user].join(',')}"\n`).join('');
}
