import { defaultValues } from '../../../shared/api/default-values.ts';
import type { HttpAction } from '../../../shared/api/types.ts';
import { ActionFailed, type Attempt } from '../verb.ts';
import type { Body, Call, Headers } from './call.ts';
import { idempotencyKey } from './idempotency-key.ts';

/** The request that an action asks for, with what its Secrets hold now. */
export async function prepareCall(
  fields: HttpAction,
  attempt: Pick<Attempt, 'owner' | 'key' | 'namespace' | 'readData'>,
): Promise<Call> {
  const { method = defaultValues.httpMethod, headersFrom = [] } = fields;
  const secretHeaders: Record<string, string> = {};
  for (const entry of headersFrom) {
    const name = entry.key.toLowerCase();
    if (framing.has(name)) throw new ActionFailed(`the header ${entry.key} cannot be set`);
    secretHeaders[name] = headerValue(await readEntry(entry, attempt), `${whereIs(entry, attempt)} is no header value`);
  }
  const body = await bodyOf(fields, attempt);
  const own: Headers = {
    accept: '*/*',
    'accept-encoding': 'identity',
    'user-agent': 'stageset-controller',
    'idempotency-key': idempotencyKey(attempt),
    ...(body === undefined ? {} : { 'content-type': contentTypeOf(body) }),
  };
  return { method, url: new URL(fields.url), headers: own, secretHeaders, body };
}

/** How the message is sent is not for a header to say; and `host` would lead past --allowed-action-hosts. */
const framing: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

interface Entry {
  readonly name: string;
  readonly key: string;
}

type Reading = Pick<Attempt, 'namespace' | 'readData'>;

async function readEntry(entry: Entry, attempt: Reading): Promise<string> {
  const data = await attempt.readData('Secret', entry.name);
  if (data === undefined) throw new ActionFailed(`Secret ${attempt.namespace}/${entry.name} does not exist`);
  const value = Object.hasOwn(data, entry.key) ? data[entry.key] : undefined;
  if (value === undefined) {
    throw new ActionFailed(`Secret ${attempt.namespace}/${entry.name} has no entry "${entry.key}"`);
  }
  // What is no UTF-8 came out of decoding with this in it.
  if (value.includes('\ufffd')) throw new ActionFailed(`${whereIs(entry, attempt)} is no text`);
  return value;
}

function whereIs({ name, key }: Entry, { namespace }: Reading): string {
  return `entry "${key}" of Secret ${namespace}/${name}`;
}

/** Space around a value, the newline at the end of a file above all, is no part of it. What is wrong is never quoted. */
function headerValue(text: string, refusal: string): string {
  const value = text.trim();
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
  if (/[\x00-\x08\x0a-\x1f\x7f]/.test(value))
    throw new ActionFailed(`${refusal}: it holds a line break or control character`);
  // Headers are sent byte by byte, a character each: so the server gets the bytes that the Secret holds.
  return Buffer.from(value).toString('latin1');
}

async function bodyOf({ body, bodyFrom }: HttpAction, attempt: Reading): Promise<Body | undefined> {
  if (bodyFrom !== undefined) return { text: await readEntry(bodyFrom, attempt), isSecret: true };
  return body === undefined ? undefined : { text: body, isSecret: false };
}

function contentTypeOf({ text }: Body): string {
  return /^\s*[[{]/.test(text) ? 'application/json' : 'text/plain; charset=utf-8';
}
