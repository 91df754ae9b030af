export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** Who it is: the same however its labels are ordered. */
  readonly series: string;
}

type Fail = (why: string) => Error;

/** `name{label="value",…} number`, and nothing else. */
export function readSample(line: string, fail: Fail): Sample {
  const [, name = '', rest = ''] = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(.*)$/.exec(line) ?? [];
  if (name === '') throw fail('no name');
  const { labels, after } = rest.startsWith('{') ? readLabels(rest, fail) : { labels: {}, after: rest };
  return { name, labels, value: readValue(after, fail), series: seriesOf(name, labels) };
}

export function seriesOf(name: string, labels: Readonly<Record<string, string>>): string {
  return `${name}${JSON.stringify(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1)))}`;
}

function readLabels(text: string, fail: Fail): { readonly labels: Record<string, string>; readonly after: string } {
  const labels: Record<string, string> = {};
  const one = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\.)*)"([,}])/y;
  one.lastIndex = 1;
  for (;;) {
    const [, name = '', value = '', end] = one.exec(text) ?? [];
    if (end === undefined) throw fail('labels that cannot be read');
    if (name.startsWith('__')) throw fail(`label ${name} is for scrapers`);
    if (Object.hasOwn(labels, name)) throw fail(`label ${name} is there twice`);
    labels[name] = unescapeText(value, '\\n"', fail);
    if (end === '}') return { labels, after: text.slice(one.lastIndex) };
  }
}

function readValue(text: string, fail: Fail): number {
  if (!text.startsWith(' ')) throw fail('no single space before the value');
  const written = text.slice(1);
  const special = { '+Inf': Infinity, '-Inf': -Infinity, NaN }[written];
  if (special !== undefined) return special;
  if (!/^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/.test(written)) throw fail('no number, or something after it');
  return Number(written);
}

/** `escapable`: what may come after a backslash. */
export function unescapeText(text: string, escapable: string, fail: Fail): string {
  return text.replaceAll(/\\(.?)/g, (_all, escaped: string) => {
    if (escaped === '' || !escapable.includes(escaped)) throw fail(`bad escape \\${escaped}`);
    return escaped === 'n' ? '\n' : escaped;
  });
}
