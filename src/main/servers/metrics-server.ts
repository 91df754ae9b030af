import type { Registry } from 'prom-client';
import { contentTypes, expose } from '../metrics/exposition.ts';
import { wantedFormat } from '../metrics/wanted-format.ts';
import type { Handler } from './answer.ts';

export function metricsPage(registry: Registry): Handler {
  return async ({ headers }, path) => {
    if (path !== '/metrics') return { status: 404, body: 'not found: /metrics is here\n' };
    const format = wantedFormat(headers.accept);
    return { status: 200, type: contentTypes[format], body: await expose(registry, format) };
  };
}
