import { ActionFailed } from '../verb.ts';
import { type Call, type Headers, shown } from './call.ts';

/** Go's rules: 307 and 308 repeat the request, the others fetch what they point to. Undefined: it is no redirect. */
export function nextHop(call: Call, status: number, location: string | undefined): Call | undefined {
  if (location === undefined || !redirects.has(status)) return undefined;
  const url = URL.parse(location, call.url.href);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new ActionFailed(`${shown(call)} redirects to no http or https URL`);
  }
  const repeated = repeating.has(status) ? call : withoutBody(call);
  if (url.origin === call.url.origin) return { ...repeated, url: sameUser(url, call.url) };
  if (repeated.body?.isSecret) {
    throw new ActionFailed(`${shown(call)} redirects to another host, which gets no body from a Secret`);
  }
  // For good: another redirect back would be that other host's wish.
  return { ...repeated, url, secretHeaders: {} };
}

const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const repeating: ReadonlySet<number> = new Set([307, 308]);

function withoutBody(call: Call): Call {
  return {
    ...call,
    method: call.method === 'HEAD' ? 'HEAD' : 'GET',
    headers: withoutContent(call.headers),
    secretHeaders: withoutContent(call.secretHeaders),
    body: undefined,
  };
}

function withoutContent(headers: Headers): Headers {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith('content-')));
}

function sameUser(next: URL, { username, password }: URL): URL {
  const url = new URL(next);
  if (url.username === '' && url.password === '') Object.assign(url, { username, password });
  return url;
}
