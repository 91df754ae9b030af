import type { Handler } from './answer.ts';
import type { Readiness } from './readiness.ts';

/** `/healthz`: the process answers. `/readyz`: requests may be sent to it. */
export function probes(readiness: Readiness): Handler {
  return (_request, path) => {
    if (path === '/healthz') return { status: 200, body: 'ok\n' };
    if (path !== '/readyz') return { status: 404, body: 'not found: /healthz and /readyz are here\n' };
    const { missing } = readiness;
    if (missing.length === 0) return { status: 200, body: 'ok\n' };
    return { status: 503, body: missing.map((why) => `not ready: ${why}\n`).join('') };
  };
}
