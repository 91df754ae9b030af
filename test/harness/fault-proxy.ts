import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Agent, request as send } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { dump, load } from 'js-yaml';
import type { Scene } from './scene.ts';

/** What becomes of one request. */
export type Fault =
  | { readonly is: 'none' }
  /** The server never sees it. */
  | { readonly is: 'answered'; readonly status: 409 | 422 | 429 | 500 | 503 }
  /** It is carried out, and nobody hears of it. */
  | { readonly is: 'answerLost' }
  /** It is carried out twice, and the second answer counts. */
  | { readonly is: 'twice' }
  | { readonly is: 'late'; readonly ms: number }
  /** A read is answered as it was the last time. */
  | { readonly is: 'stale' }
  /** A watch ends after so long, whatever was on its way; before that its events come late. */
  | { readonly is: 'cut'; readonly afterMs: number; readonly lateMs: number };

export interface ProxiedRequest {
  readonly kind: 'read' | 'write' | 'watch';
  readonly method: string;
  readonly path: string;
  /** A watch that is to begin with all that is there. */
  readonly streamsList: boolean;
}

export interface FaultProxy extends AsyncDisposable {
  /** As that of the controller, but every request goes through here. */
  readonly kubeconfigPath: string;
  /** Asked for each request from now on. */
  disturb(faultOf: (request: ProxiedRequest) => Fault): void;
  calm(): void;
  /** Called when a write has been carried out and before its answer goes back; the answer waits for it. */
  afterWrite: ((request: ProxiedRequest) => Promise<void>) | undefined;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

interface Kubeconfig {
  readonly clusters: readonly { readonly name: string }[];
}

type Way = Pick<Scene, 'plane' | 'controllerKubeconfig'>;

/** Stands between a controller and the real API server. It speaks HTTP to the controller, so that nothing is hidden. */
export async function startFaultProxy({ plane, controllerKubeconfig }: Way): Promise<FaultProxy> {
  const agent = new Agent({ keepAlive: true, ca: plane.server.certificateAuthority });
  const lastAnswers = new Map<string, Answer>();
  const calm = (): Fault => ({ is: 'none' });
  let faultOf: (request: ProxiedRequest) => Fault = calm;

  const server = createServer((incoming, outgoing) => {
    handle(incoming, outgoing).catch(() => outgoing.destroy());
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  const folder = await mkdtemp(join(tmpdir(), 'fault-proxy-'));
  const kubeconfigPath = join(folder, 'kubeconfig');
  const direct = load(await readFile(controllerKubeconfig, 'utf8')) as Kubeconfig;
  const clusters = direct.clusters.map(({ name }) => ({ name, cluster: { server: `http://127.0.0.1:${port}` } }));
  await writeFile(kubeconfigPath, dump({ ...direct, clusters }), { mode: 0o600 });

  async function handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const request = kindOf(incoming);
    const fault = faultOf(request);
    if (request.kind === 'watch') return await watch(incoming, outgoing, fault);
    const body = Buffer.concat(await incoming.toArray());
    if (fault.is === 'late') await delay(fault.ms);
    if (fault.is === 'answered') return reply(outgoing, made(fault.status));
    // A review is a read whose question is in its body.
    const question = incoming.method === 'POST' ? body : '';
    const key = `${incoming.method} ${incoming.url} ${incoming.headers['impersonate-user']} ${incoming.headers.accept} ${question}`;
    const before = lastAnswers.get(key);
    if (fault.is === 'stale' && before !== undefined) return reply(outgoing, before);
    let answer = await forward(incoming, body);
    if (fault.is === 'twice' && request.kind === 'write') answer = await forward(incoming, body);
    if (request.kind === 'read') lastAnswers.set(key, answer);
    else if (answer.status < 300) await proxy.afterWrite?.(request);
    if (fault.is === 'answerLost') outgoing.destroy();
    else reply(outgoing, answer);
  }

  async function forward(incoming: IncomingMessage, body: Buffer): Promise<Answer> {
    const asked = ask(incoming);
    asked.end(body);
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    const { statusCode = 502, headers } = answer;
    return { status: statusCode, headers, body: Buffer.concat(await answer.toArray()) };
  }

  async function watch(incoming: IncomingMessage, outgoing: ServerResponse, fault: Fault): Promise<void> {
    if (fault.is === 'answered') return reply(outgoing, made(fault.status));
    const asked = ask(incoming);
    outgoing.on('close', () => asked.destroy());
    asked.end();
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    outgoing.writeHead(answer.statusCode ?? 502, ownHeaders(answer.headers));
    outgoing.flushHeaders();
    if (fault.is === 'cut') delay(fault.afterMs).then(() => outgoing.destroy());
    for await (const chunk of answer) {
      if (fault.is === 'cut') await delay(fault.lateMs);
      outgoing.write(chunk);
    }
    outgoing.end();
  }

  function ask({ method, url, headers }: IncomingMessage) {
    const { host: _ours, connection: _hop, ...rest } = headers;
    const target = new URL(url ?? '/', plane.server.url);
    const asked = send(target, { method: method ?? 'GET', headers: rest, agent });
    // Whoever waits for the response hears of it.
    asked.on('error', () => {});
    return asked;
  }

  const proxy: FaultProxy = {
    kubeconfigPath,
    disturb(how) {
      faultOf = how;
    },
    calm() {
      faultOf = calm;
    },
    afterWrite: undefined,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      agent.destroy();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return proxy;
}

function kindOf({ method = 'GET', url = '/' }: IncomingMessage): ProxiedRequest {
  const { pathname, searchParams } = new URL(url, 'http://proxy');
  const isDryRun = searchParams.has('dryRun');
  const isRead = method === 'GET' || isDryRun || pathname.endsWith('reviews');
  const kind = searchParams.has('watch') ? 'watch' : isRead ? 'read' : 'write';
  return { kind, method, path: pathname, streamsList: searchParams.has('sendInitialEvents') };
}

function ownHeaders({ connection: _hop, 'transfer-encoding': _coding, ...headers }: IncomingMessage['headers']) {
  return headers;
}

function reply(outgoing: ServerResponse, { status, headers, body }: Answer): void {
  outgoing.writeHead(status, { ...ownHeaders(headers), 'content-length': body.length }).end(body);
}

const reasons = {
  409: 'Conflict',
  422: 'Invalid',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
} as const;

/** As an API server says it. */
function made(code: keyof typeof reasons): Answer {
  const status = {
    kind: 'Status',
    apiVersion: 'v1',
    status: 'Failure',
    message: 'by the proxy',
    reason: reasons[code],
    code,
  };
  const headers = { 'content-type': 'application/json', ...(code === 429 && { 'retry-after': '1' }) };
  return { status: code, headers, body: Buffer.from(JSON.stringify(status)) };
}
