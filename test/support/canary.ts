/**
 * In every secret that a test plants where a controller can come across it. Wherever it shows, a secret has got out:
 * the harness looks for it in whatever controllers tell, see `test/harness/leaks.ts`.
 */
export const CANARY = 'hunter2-canary';

/** How a secret may show: as it is, percent-encoded, in hexadecimal digits, or in base64 wherever it began. */
function formsOf(secret: string): readonly RegExp[] {
  const ways = [
    Array.from(secret, (letter) => `(?:${RegExp.escape(letter)}|%${hexadecimal(letter)})`).join(''),
    hexadecimal(secret),
  ];
  const inBase64 = [0, 1, 2].map((before) => new RegExp(RegExp.escape(base64After(before, secret))));
  return [...ways.map((way) => new RegExp(way, 'i')), ...inBase64];
}

/** Any token of a ServiceAccount: they are made while the tests run. */
const token = /eyJhbGciOi[\w-]+/;
const canary = [...formsOf(CANARY), token];

/** Where this one or another of the secrets shows, with what is around it. */
export function canariesIn(text: string, others: readonly string[] = []): readonly string[] {
  return [...canary, ...others.flatMap(formsOf)].flatMap((form) => {
    const at = text.search(form);
    return at < 0 ? [] : [`${form}: …${text.slice(Math.max(0, at - 200), at + 100)}…`];
  });
}

function hexadecimal(text: string): string {
  return Buffer.from(text).toString('hex');
}

/** What is the same in the base64 of whatever has so many bytes more than a multiple of three before it. */
function base64After(before: number, secret: string): string {
  const whole = Buffer.from(`${'.'.repeat(before)}${secret}`);
  const text = whole.toString('base64').replaceAll('=', '');
  const end = whole.length % 3 === 0 ? text.length : text.length - 1;
  return text.slice(before === 0 ? 0 : before + 1, end);
}
