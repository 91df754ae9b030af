import type { RequestOptions } from 'node:https';
import type { KubeconfigExec } from './kubeconfig.ts';

/** What a credential plugin (`aws`, `gke-gcloud-auth-plugin`, `tsh`) answered. */
export interface ExecCredential {
  readonly headers: Readonly<Record<string, string>>;
  readonly cert?: string;
  readonly key?: string;
}

/**
 * Runs a kubeconfig's command. client-node keeps its answer until that lapses; here those who ask at the same time
 * share one run, and the plugin is told what it was asked for, without which some answer in a version long gone.
 */
export function execPlugin(exec: KubeconfigExec): () => Promise<ExecCredential> {
  const user = { name: 'user', exec: { ...exec, env: [...(exec.env ?? []), requestFor(exec)] } };
  const loading = import('@kubernetes/client-node/dist/exec_auth.js').then(({ ExecAuth }) => new ExecAuth());
  let running: Promise<ExecCredential> | undefined;

  const run = async (): Promise<ExecCredential> => {
    const options: RequestOptions = { headers: {} };
    try {
      await (await loading).applyAuthentication(user, options);
    } catch (cause) {
      // The parser's message quotes what it read, and that may be the credential.
      if (cause instanceof SyntaxError)
        throw new Error(`credential plugin "${exec.command}" failed: what it printed is not JSON`);
      const why = cause instanceof Error ? cause.message.trim() : String(cause);
      throw new Error(`credential plugin "${exec.command}" failed: ${why}`, { cause });
    }
    return {
      headers: Object.fromEntries(Object.entries(options.headers ?? {}).map(([name, value]) => [name, String(value)])),
      ...(options.cert && { cert: String(options.cert) }),
      ...(options.key && { key: String(options.key) }),
    };
  };

  return () => {
    running ??= run().finally(() => {
      running = undefined;
    });
    return running;
  };
}

function requestFor({ apiVersion }: KubeconfigExec) {
  const request = { apiVersion, kind: 'ExecCredential', spec: { interactive: false } };
  return { name: 'KUBERNETES_EXEC_INFO', value: JSON.stringify(request) };
}
