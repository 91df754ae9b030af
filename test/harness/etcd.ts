import { Agent, request } from 'undici';

/** What the API server has stored, past its rules: no finalizer, no admission and no owner has a say here. */
export interface Etcd extends AsyncDisposable {
  keys(): Promise<readonly string[]>;
  delete(keys: readonly string[]): Promise<void>;
}

const everything = { key: base64('/registry/'), range_end: base64('/registry0') };
/** Of one transaction, by etcd's default. */
const MOST_OPERATIONS = 128;

export function openEtcd(socketPath: string): Etcd {
  const dispatcher = new Agent({ connect: { socketPath } });
  async function post<T>(path: string, body: object): Promise<T> {
    const answer = await request(`http://etcd/v3/kv/${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
      dispatcher,
    });
    const text = await answer.body.text();
    if (answer.statusCode !== 200) throw new Error(`etcd: ${path}: ${text}`);
    return JSON.parse(text) as T;
  }
  return {
    async keys() {
      const { kvs = [] } = await post<Range>('range', { ...everything, keys_only: true });
      return kvs.map(({ key }) => Buffer.from(key, 'base64').toString());
    },
    async delete(keys) {
      for (let i = 0; i < keys.length; i += MOST_OPERATIONS) {
        const some = keys.slice(i, i + MOST_OPERATIONS);
        await post('txn', { success: some.map((key) => ({ request_delete_range: { key: base64(key) } })) });
      }
    },
    [Symbol.asyncDispose]: () => dispatcher.close(),
  };
}

interface Range {
  readonly kvs?: readonly { readonly key: string }[];
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
