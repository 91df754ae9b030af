import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { type Tokens, tokenFile, type User } from './identities.ts';
import { kubeconfigFor, type Server } from './kubeconfig.ts';
import type { Layout } from './layout.ts';

/** What the components read when they start. */
export async function writeInputs(layout: Layout, tokens: Tokens): Promise<void> {
  await writeSecret(layout.tokens, tokenFile(tokens));
  await writeSecret(layout.serviceAccountKey, newSigningKey());
  await writeFile(layout.auditPolicy, auditPolicy);
  await writeFile(layout.auditLog, ''); // to what is there the server appends, so that others may truncate it
}

export async function writeKubeconfigs(layout: Layout, server: Server, tokens: Tokens): Promise<void> {
  const write = (path: string, users: readonly User[]) => writeSecret(path, kubeconfigFor(server, tokens, users));
  await write(layout.kubeconfig, ['admin', 'controller']);
  for (const user of ['kube-controller-manager', 'kube-scheduler', 'kwok'] as const) {
    await write(layout.kubeconfigOf(user), [user]);
  }
}

/** Who did what to which object, one line a request, bodies left out. */
const auditPolicy = JSON.stringify({
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived'],
  rules: [{ level: 'Metadata' }],
});

function newSigningKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'sec1', format: 'pem' }).toString();
}

async function writeSecret(path: string, text: string): Promise<void> {
  await writeFile(path, text, { mode: 0o600 });
}
