import { Pool } from 'undici';
import { mapped } from '../../src/main/apply/mapped.ts';
import type { Server } from '../../tools/control-plane/kubeconfig.ts';
import type { AuditedRequest } from './audit-log.ts';
import { WIDTH } from './await-each.ts';
import type { Bodies } from './bodies.ts';
import { type Fleet, stageSetOf } from './fleet.ts';
import type { Site } from './site.ts';

/** As many as the controller may have in flight, each on a connection of its own. */
const CONNECTIONS = 32;

interface BareRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/**
 * A fresh namespace with StageSets as the fleet has them, for what the controller has sent to be sent once more. No
 * controller must run: it would take them for its own.
 */
export interface Bare {
  /** Those prepared first are to be sent first: each finds what it found, then. */
  prepare(sent: readonly AuditedRequest[], bodies: Bodies): Prepared;
}

export interface Prepared {
  /**
   * Resolves with the time it took: as the same user, in the same order, 32 at once, with nothing in between but
   * what keeps two requests to one object apart.
   */
  send(): Promise<number>;
}

export async function openBare(site: Site, fleet: Fleet): Promise<Bare> {
  const namespace = 'bare';
  await site.createNamespace(namespace);
  const created = await mapped(fleet.stageSets, WIDTH, (name) =>
    site.plane.api.create(stageSetOf({ namespace }, name, '1h')),
  );
  const uidOf = new Map(created.map(({ metadata }) => [metadata.name, metadata.uid ?? '']));

  return {
    prepare(sent, bodies) {
      const body = bodies.movedTo(namespace, uidOf);
      const requests = sent.map(
        (request): BareRequest => ({
          method: methods[request.verb] ?? 'GET',
          path: request.requestURI.replace(`/namespaces/${fleet.namespace}/`, `/namespaces/${namespace}/`),
          headers: { ...headersOf(request), authorization: `Bearer ${site.userToken}` },
          body: body(request),
        }),
      );
      return { send: () => sendAll(requests, site.plane.server) };
    },
  };
}

async function sendAll(requests: readonly BareRequest[], server: Server): Promise<number> {
  const pool = new Pool(server.url, { connections: CONNECTIONS, connect: { ca: server.certificateAuthority } });
  const onlyAfter = new Map<string, Promise<void>>();
  const beganMs = performance.now();
  await mapped(requests, CONNECTIONS, (request) => {
    const object = request.path.replace(/(\/status)?(\?.*)?$/, '');
    const done = (onlyAfter.get(object) ?? Promise.resolve()).then(() => exchange(pool, request));
    if (request.method !== 'POST') onlyAfter.set(object, done);
    return done;
  });
  const wallMs = performance.now() - beganMs;
  await pool.destroy();
  return wallMs;
}

const methods: Readonly<Record<string, BareRequest['method']>> = {
  create: 'POST',
  update: 'PUT',
  patch: 'PATCH',
  delete: 'DELETE',
};

/** The audit log has no headers: these are what the controller sends for these kinds. */
function headersOf({ verb, requestURI, objectRef }: AuditedRequest): Readonly<Record<string, string>> {
  const isOwn = objectRef?.resource === 'stagesets' || objectRef?.resource === 'stageinventories';
  const accept = isOwn ? 'application/json' : 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';
  if (verb !== 'patch') return { accept, 'content-type': 'application/json' };
  const type = requestURI.includes('force=true') ? 'apply-patch+yaml' : 'merge-patch+json';
  return { accept, 'content-type': `application/${type}` };
}

/** undici's barest way: no stream is made for the answer, which is read and dropped. */
function exchange(pool: Pool, request: BareRequest): Promise<void> {
  return new Promise((resolve, reject) => {
    let status = 0;
    pool.dispatch(request, {
      onRequestStart() {},
      onResponseStart(_controller, statusCode) {
        status = statusCode;
      },
      onResponseData() {},
      onResponseEnd() {
        if (status < 300) resolve();
        else reject(new Error(`sent bare, ${request.method} ${request.path} was answered ${status}`));
      },
      onResponseError(_controller, error) {
        reject(error);
      },
    });
  });
}
