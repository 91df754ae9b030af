import type { Metrics } from '../metrics/metrics.ts';
import { type HttpServer, serve } from './http-server.ts';

export function serveMetrics(address: string, { registry }: Metrics): Promise<HttpServer> {
  return serve({ what: 'metrics', flag: '--metrics-bind-address', address }, async (_request, path) => {
    if (path !== '/metrics') return { status: 404, body: 'not found: /metrics is here\n' };
    return { status: 200, type: registry.contentType, body: await registry.metrics() };
  });
}
