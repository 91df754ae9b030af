import { Agent, request } from 'undici';

/** What the API server has stored, past its rules: no finalizer, no admission and no owner has a say here. */
export interface Etcd extends AsyncDisposable {
  keys(): Promise<readonly string[]>;
  /**
   * A revision each, as the API server itself would: of two in one revision, a watch that is taken up again after
   * the first never hears of the second, and a controller of Kubernetes would wait for ever for what it believes it has.
   */
  delete(keys: readonly string[]): Promise<void>;
}

const everything = { key: base64('/registry/'), range_end: base64('/registry0') };
const AT_A_TIME = 8;

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
      const left = keys.values();
      const work = async () => {
        for (const key of left) await post('deleterange', { key: base64(key) });
      };
      await Promise.all(Array.from({ length: AT_A_TIME }, work));
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
