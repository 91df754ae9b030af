import type { Registry } from 'prom-client';
import type { Handler } from './answer.ts';

export function metricsPage(registry: Registry): Handler {
  return async (_request, path) => {
    if (path !== '/metrics') return { status: 404, body: 'not found: /metrics is here\n' };
    return { status: 200, type: registry.contentType, body: await registry.metrics() };
  };
}
