import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { freePort } from '../../tools/control-plane/free-port.ts';
import { oracleBinary, versitygwOracle } from '../../tools/oracles/oracle-binary.ts';

export interface S3Server extends AsyncDisposable {
  /** `127.0.0.1:<port>`. */
  readonly endpoint: string;
  /** A bucket is a folder below this. */
  readonly folder: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of all that was asked. */
  readonly requests: readonly S3Request[];
  /** From now on such requests are refused, as old and simple servers do. */
  refuse: ((request: S3Request) => boolean) | undefined;
}

export interface S3Request {
  readonly method: string;
  readonly path: string;
  readonly host: string;
  readonly headers: IncomingHttpHeaders;
}

/** versitygw with one bucket `store`, behind a listener that takes notes. */
export async function startS3Server(): Promise<S3Server> {
  const binary = await oracleBinary(versitygwOracle);
  const root = await mkdtemp(join(tmpdir(), 's3-server-'));
  const folder = join(root, 'buckets');
  const sidecar = join(root, 'sidecar');
  for (const path of [join(folder, 'store'), sidecar]) await mkdir(path, { recursive: true });
  const port = await freePort();
  const keys = { accessKeyId: 'AKIATEST', secretAccessKey: 'not-a-secret' };
  const address = ['--port', `127.0.0.1:${port}`, '--access', keys.accessKeyId, '--secret', keys.secretAccessKey];
  const child = spawn(binary, [...address, '--quiet', 'posix', '--sidecar', sidecar, folder], { stdio: 'ignore' });
  const endChild = () => child.kill('SIGKILL');
  process.once('exit', endChild);
  await eventually(() => fetch(`http://127.0.0.1:${port}/`));

  const requests: S3Request[] = [];
  const listener = createServer((incoming, outgoing) => {
    const { method = '', url = '', headers } = incoming;
    const seen = { method, path: url, host: headers.host ?? '', headers };
    requests.push(seen);
    if (server.refuse?.(seen)) {
      incoming.resume();
      outgoing.writeHead(501, { 'content-type': 'application/xml' });
      outgoing.end('<Error><Code>NotImplemented</Code></Error>');
      return;
    }
    const asked = request({ host: '127.0.0.1', port, method, path: url, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    asked.on('error', () => outgoing.destroy());
    incoming.pipe(asked);
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const server: S3Server = {
    ...keys,
    endpoint: `127.0.0.1:${(listener.address() as AddressInfo).port}`,
    folder,
    requests,
    refuse: undefined,
    async [Symbol.asyncDispose]() {
      listener.closeAllConnections();
      listener.close();
      process.off('exit', endChild);
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
      await rm(root, { recursive: true, force: true });
    },
  };
  return server;
}
