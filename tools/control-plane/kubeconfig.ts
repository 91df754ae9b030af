import { dump } from 'js-yaml';
import type { Tokens, User } from './identities.ts';

export interface Server {
  readonly url: string;
  /** PEM. */
  readonly certificateAuthority: string;
}

/** One context a user, named after it; the first is the current one. */
export function kubeconfigFor(server: Server, tokens: Tokens, users: readonly User[]): string {
  const cluster = {
    server: server.url,
    'certificate-authority-data': Buffer.from(server.certificateAuthority).toString('base64'),
  };
  return dump({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'local', cluster }],
    users: users.map((user) => ({ name: user, user: { token: tokens[user] } })),
    contexts: users.map((user) => ({ name: user, context: { cluster: 'local', user } })),
    'current-context': users[0],
  });
}
