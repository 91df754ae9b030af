import { parseDurationMs } from '../../shared/time/duration.ts';
import { type AllowedHost, parseAllowedHost } from '../outbound/allowed-hosts.ts';

/** One command-line flag: all that parsing, `--help` and the docs need to know of it. */
export interface Flag<T> {
  readonly name: string;
  readonly help: string;
  /** How `--help` names the value; undefined for a switch. */
  readonly value?: string;
  readonly fallback: T;
  /** The fallback as one would write it on the command line, where it is not just that. */
  readonly fallbackText?: string;
  /** Given several times, the values are gathered. */
  readonly repeats?: true;
  /** Read where the flag is absent or empty. */
  readonly environment?: string;
  /** The value, or what is wrong with the text. */
  readonly read: (text: string) => Read<T>;
}

export type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

type Text = Pick<Flag<unknown>, 'name' | 'help'>;

export function textFlag(text: Text & { readonly value: string; readonly fallback: string }): Flag<string> {
  return { ...text, read: (value) => ({ ok: true, value }) };
}

/** May be given several times. */
export function namesFlag(text: Text & { readonly value: string }): Flag<readonly string[]> {
  return {
    ...text,
    fallback: [],
    repeats: true,
    read: (name) => (name === '' ? { ok: false, problem: 'wants a name' } : { ok: true, value: [name] }),
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
      value === 'true' || value === 'false'
        ? { ok: true, value: value === 'true' }
        : { ok: false, problem: `wants true or false, not "${value}"` },
  };
}

export function countFlag(
  text: Text & { readonly fallback: number; readonly min: number; readonly max: number },
): Flag<number> {
  const { min, max, ...rest } = text;
  return { ...rest, value: 'N', read: (value) => readCount(value, min, max) };
}

export function autoCountFlag(text: Text & { readonly min: number; readonly max: number }): Flag<number | 'auto'> {
  const { min, max, ...rest } = text;
  return {
    ...rest,
    value: 'auto|N',
    fallback: 'auto',
    read: (value) => (value === 'auto' ? { ok: true, value } : readCount(value, min, max)),
  };
}

export function durationFlag(text: Text & { readonly fallback: string }): Flag<number> {
  const { fallback, ...rest } = text;
  return {
    ...rest,
    value: 'DURATION',
    fallback: parseDurationMs(fallback) ?? 0,
    fallbackText: fallback,
    read: readDuration,
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

/** `0` stands for "as the machine allows". */
export function bytesFlag(text: Text): Flag<number> {
  return { ...text, value: 'BYTES', fallback: 0, read: readBytes };
}

export function choiceFlag<const C extends string>(
  text: Text & { readonly choices: readonly C[]; readonly fallback: C },
): Flag<C> {
  const { choices, ...rest } = text;
  return {
    ...rest,
    value: choices.join('|'),
    read: (value) => {
      const found = choices.find((choice) => choice === value);
      if (found !== undefined) return { ok: true, value: found };
      return { ok: false, problem: `wants one of ${choices.join(', ')}, not "${value}"` };
    },
  };
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

function readDuration(text: string): Read<number> {
  const value = parseDurationMs(text);
  if (value !== undefined && value > 0) return { ok: true, value };
  return { ok: false, problem: `wants a duration above zero, such as 90s or 1h30m, not "${text}"` };
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

function readBytes(text: string): Read<number> {
  const match = /^(\d{1,12})(Ki|Mi|Gi|K|M|G)?$/.exec(text);
  const unit = units[match?.[2] ?? ''];
  if (match === null || unit === undefined) {
    return { ok: false, problem: `wants a size such as 512Mi, or 0 for what the machine allows, not "${text}"` };
  }
  return { ok: true, value: Number(match[1]) * unit };
}
