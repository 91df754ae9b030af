import { parseDurationMs } from '../../shared/time/duration.ts';
import { type AllowedHost, parseAllowedHost } from '../outbound/allowed-hosts.ts';
import { parseBindAddress } from '../servers/address.ts';
import type { Flag, Read } from './flag.ts';

type Text = Pick<Flag<unknown>, 'name' | 'help'>;

export function textFlag(text: Text & { readonly value: string; readonly fallback: string }): Flag<string> {
  return { ...text, read: readText };
}

/** On a command line whoever lists processes reads it; hence the environment. */
export function secretFlag(text: Text & { readonly value: string; readonly environment: string }): Flag<string> {
  return { ...text, fallback: '', secret: true, read: readText };
}

/** May be given several times. */
export function namesFlag(text: Text & { readonly value: string }): Flag<readonly string[]> {
  return {
    ...text,
    fallback: [],
    repeats: true,
    read: (text) => {
      const name = readText(text);
      if (!name.ok) return name;
      return text === '' ? { ok: false, problem: 'wants a name' } : { ok: true, value: [text] };
    },
  };
}

/** May be given several times. */
export function hostsFlag(text: Text): Flag<readonly AllowedHost[]> {
  return {
    ...text,
    value: 'HOST[:PORT]',
    fallback: [],
    repeats: true,
    read: (entry) => {
      const host = parseAllowedHost(entry);
      if (host !== undefined) return { ok: true, value: [host] };
      return {
        ok: false,
        problem: `wants one host, with or without a port, such as *.example.com:443, not "${entry}"`,
      };
    },
  };
}

/** Namespaces, separated by commas. */
export function namespacesFlag(text: Text & { readonly environment: string }): Flag<readonly string[]> {
  return { ...text, value: 'NAMESPACES', fallback: [], read: readNamespaces };
}

export function switchFlag(text: Text & { readonly fallback: boolean }): Flag<boolean> {
  return {
    ...text,
    read: (value) =>
      goBooleans.has(value)
        ? { ok: true, value: goBooleans.get(value) ?? false }
        : { ok: false, problem: `wants true or false, not "${value}"` },
  };
}

/** As Go's strconv.ParseBool reads them: scripts for Go programs write any of these. */
const goBooleans: ReadonlyMap<string, boolean> = new Map([
  ...['true', 'True', 'TRUE', 't', 'T', '1'].map((text) => [text, true] as const),
  ...['false', 'False', 'FALSE', 'f', 'F', '0'].map((text) => [text, false] as const),
]);

export function countFlag(
  text: Text & { readonly fallback: number; readonly min: number; readonly max: number },
): Flag<number> {
  const { min, max, ...rest } = text;
  return { ...rest, value: 'N', range: { min, max }, read: (value) => readCount(value, min, max) };
}

export function autoCountFlag(text: Text & { readonly min: number; readonly max: number }): Flag<number | 'auto'> {
  const { min, max, ...rest } = text;
  return {
    ...rest,
    value: 'auto|N',
    range: { min, max },
    fallback: 'auto',
    read: (value) => (value === 'auto' ? { ok: true, value } : readCount(value, min, max)),
  };
}

export function durationFlag(text: Text & { readonly fallback: string; readonly atLeast?: string }): Flag<number> {
  const { fallback, atLeast, ...rest } = text;
  return {
    ...rest,
    value: 'DURATION',
    fallback: parseDurationMs(fallback) ?? 0,
    fallbackText: fallback,
    read: (value) => readDuration(value, atLeast),
  };
}

export function webAddressFlag(text: Text & { readonly fallback: '' }): Flag<string> {
  return { ...text, value: 'URL', read: readWebAddress };
}

export function hostFlag(text: Text & { readonly fallback: '' }): Flag<string> {
  return { ...text, value: 'HOST[:PORT]', read: readHost };
}

function readHost(text: string): Read<string> {
  if (text === '' || /^(\[[0-9a-f:.]+\]|[a-z0-9]([a-z0-9.-]*[a-z0-9])?)(:\d{1,5})?$/i.test(text))
    return { ok: true, value: text };
  return { ok: false, problem: `wants a host or host:port without a scheme, not "${text}"` };
}

/** Where a server listens; what stands for "nowhere" is read as `off`. */
export function addressFlag(text: Text & { readonly fallback: string; readonly off: '0' | '' }): Flag<string> {
  const { off, ...rest } = text;
  return { ...rest, value: 'ADDRESS', read: (address) => readAddress(address, off) };
}

/** `0` stands for "as the machine allows". */
export function bytesFlag({ atLeast = '0', ...text }: Text & { readonly atLeast?: string }): Flag<number> {
  return { ...text, value: 'BYTES', fallback: 0, read: (value) => readBytes(value, atLeast) };
}

export function choiceFlag<const C extends string>(
  text: Text & { readonly choices: readonly C[]; readonly fallback: C },
): Flag<C> {
  const { choices, ...rest } = text;
  return { ...rest, value: choices.join('|'), read: (value) => readChoice(value, choices) };
}

/** As `choiceFlag`, but one can tell that nothing was chosen. */
export function wishFlag<const C extends string>(
  text: Text & { readonly choices: readonly C[]; readonly fallbackText?: C },
): Flag<C | undefined> {
  const { choices, fallbackText = '', ...rest } = text;
  return {
    ...rest,
    value: choices.join('|'),
    fallback: undefined,
    fallbackText,
    read: (value) => readChoice(value, choices),
  };
}

/** The name of an object in Kubernetes. */
export function nameFlag(text: Text & { readonly fallback: string }): Flag<string> {
  return { ...text, value: 'NAME', read: readObjectName };
}

function readChoice<C extends string>(value: string, choices: readonly C[]): Read<C> {
  const found = choices.find((choice) => choice === value);
  if (found !== undefined) return { ok: true, value: found };
  return { ok: false, problem: `wants one of ${choices.join(', ')}, not "${value}"` };
}

function readObjectName(name: string): Read<string> {
  if (/^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?)?$/.test(name)) return { ok: true, value: name };
  return { ok: false, problem: `wants the name of an object: small letters, digits, "-" and ".", not "${name}"` };
}

/** A line break comes from a file that was read with its end, and is hard to see. */
function readText(value: string): Read<string> {
  if (value === value.trim() && !/\p{Cc}/u.test(value)) return { ok: true, value };
  return { ok: false, problem: 'wants text without blanks around it and without line breaks' };
}

function readAddress(address: string, off: '0' | ''): Read<string> {
  if (address === '0' || address === off) return { ok: true, value: off };
  if (parseBindAddress(address) !== undefined) return { ok: true, value: address };
  const nowhere = off === '0' ? '0' : 'nothing';
  return { ok: false, problem: `wants an address such as :8080 or 127.0.0.1:8080, or ${nowhere}, not "${address}"` };
}

function readCount(text: string, min: number, max: number): Read<number> {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return { ok: true, value };
  return { ok: false, problem: `wants a whole number from ${min} to ${max}, not "${text}"` };
}

function readNamespaces(text: string): Read<readonly string[]> {
  if (text.trim() === '') return { ok: true, value: [] };
  const names = text.split(',').map((name) => name.trim());
  if (names.includes('')) return { ok: false, problem: `wants names between its commas, not "${text}"` };
  const invalid = names.find((name) => !/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name));
  if (invalid !== undefined) return { ok: false, problem: `wants names of namespaces, which "${invalid}" cannot be` };
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) return { ok: false, problem: `names "${twice}" twice` };
  return { ok: true, value: names };
}

function readDuration(text: string, atLeast: string | undefined): Read<number> {
  const value = parseDurationMs(text);
  if (value !== undefined && value > 0 && value >= (parseDurationMs(atLeast ?? '0') ?? 0)) return { ok: true, value };
  const wanted = atLeast === undefined ? 'above zero' : `of ${atLeast} or more`;
  return { ok: false, problem: `wants a duration ${wanted}, such as 90s or 1h30m, not "${text}"` };
}

/** What is wrong is not quoted: it may hold a password. */
function readWebAddress(text: string): Read<string> {
  const url = URL.parse(text);
  const isPlain = url !== null && /^https?:$/.test(url.protocol) && `${url.username}${url.password}` === '';
  if (text === '' || isPlain) return { ok: true, value: text };
  return { ok: false, problem: 'wants an http or https URL without user and password' };
}

const units: Readonly<Record<string, number>> = {
  '': 1,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  K: 1e3,
  M: 1e6,
  G: 1e9,
};

function readBytes(text: string, atLeast: string): Read<number> {
  const value = bytesIn(text);
  if (value === 0 || (value !== undefined && value >= (bytesIn(atLeast) ?? 0))) return { ok: true, value };
  const size = atLeast === '0' ? 'a size' : `a size of ${atLeast} or more,`;
  return { ok: false, problem: `wants ${size} such as 512Mi, or 0 for what the machine allows, not "${text}"` };
}

function bytesIn(text: string): number | undefined {
  const [, digits, unit = ''] = /^(\d{1,12})(Ki|Mi|Gi|K|M|G)?$/.exec(text) ?? [];
  return digits === undefined ? undefined : Number(digits) * (units[unit] ?? 1);
}
