import type { Registry } from 'prom-client';
import { contentTypes, expose, type Format } from '../metrics/exposition.ts';
import { wantedFormat } from '../metrics/wanted-format.ts';
import type { Handler } from './answer.ts';

export function metricsPage(registry: Registry): Handler {
  const underWay = new Map<Format, Promise<string>>();
  return async ({ headers }, path) => {
    if (path !== '/metrics') return { status: 404, body: 'not found: /metrics is here\n' };
    const format = wantedFormat(headers.accept);
    return { status: 200, type: contentTypes[format], body: await pageIn(format) };
  };

  /** Who asks while a page is written gets that one: many who ask at once cost no more than one. */
  function pageIn(format: Format): Promise<string> {
    const page = underWay.get(format) ?? expose(registry, format).finally(() => underWay.delete(format));
    underWay.set(format, page);
    return page;
  }
}
