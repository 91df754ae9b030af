import { type HttpServer, serve } from './http-server.ts';

/** `/healthz`: the process answers. `/readyz`: it has seen the cluster and works. */
export function serveProbes(address: string, isReady: () => boolean): Promise<HttpServer> {
  return serve({ what: 'probes', flag: '--health-probe-bind-address', address }, (_request, path) => {
    if (path === '/healthz') return { status: 200, body: 'ok\n' };
    if (path !== '/readyz') return { status: 404, body: 'not found: /healthz and /readyz are here\n' };
    return isReady() ? { status: 200, body: 'ok\n' } : { status: 503, body: 'not ready: caches are not synced yet\n' };
  });
}
