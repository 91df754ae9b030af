import type { Format } from './exposition.ts';

/** What an `Accept` header asks for: the best that is had. Text, where it asks for neither. */
export function wantedFormat(accept: string | undefined): Format {
  const wishes = (accept ?? '').split(',').flatMap((text) => wishIn(text));
  const best = wishes.reduce<Wish | undefined>((first, next) => (first && first.q >= next.q ? first : next), undefined);
  return best?.format ?? 'text';
}

interface Wish {
  readonly format: Format;
  readonly q: number;
}

function wishIn(range: string): readonly Wish[] {
  const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
  const named = (name: string) => parameters.find((each) => each.startsWith(`${name}=`))?.slice(name.length + 1);
  const q = Number(named('q') ?? 1);
  if (!(q > 0)) return [];
  if (['text/plain', 'text/*', '*/*'].includes(type)) return [{ format: 'text', q }];
  const isOurs = type === 'application/openmetrics-text' && (named('version') ?? '1.0.0') === '1.0.0';
  return isOurs ? [{ format: 'openMetrics', q }] : [];
}
