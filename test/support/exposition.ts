import type { Format } from '../../src/main/metrics/exposition.ts';
import { histogramFaults } from './exposition-histogram.ts';
import { readSample, type Sample, unescapeText } from './exposition-sample.ts';

export interface Family {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

/**
 * What a scrape holds, by family. Stricter than scrapers are: it throws over all that the format forbids and over what
 * nobody of ours writes (timestamps, exemplars, families without HELP), naming the line.
 */
export function parseExposition(text: string, format: Format): ReadonlyMap<string, Family> {
  const families = new Map<string, OpenFamily>();
  const seriesSeen = new Set<string>();
  let current: OpenFamily | undefined;
  for (const [i, line] of linesOf(text, format).entries()) {
    const fail = (why: string) => new Error(`line ${i + 1}: ${why}: ${line}`);
    const comment = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line);
    if (comment !== null) {
      const [, keyword, name = '', rest = ''] = comment;
      if (name !== current?.name) {
        if (families.has(name)) throw fail(`family ${name} is interleaved with others`);
        if (!/^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name)) throw fail('not the name of a metric');
        current = { name, samples: [] };
        families.set(name, current);
      } else if (current.samples.length > 0) throw fail(`${keyword} after samples`);
      const key = keyword === 'HELP' ? 'help' : 'type';
      if (current[key] !== undefined) throw fail(`second ${keyword}`);
      current[key] = key === 'help' ? unescapeText(rest, format === 'text' ? '\\n' : '\\n"', fail) : rest;
      continue;
    }
    if (line.startsWith('#') || line === '') throw fail('neither HELP, TYPE nor a sample');
    const sample = readSample(line, fail);
    if (current?.type === undefined) throw fail('no TYPE before it');
    const suffixes = suffixesOf(current.type, format);
    if (suffixes === undefined) throw fail(`no such type: ${current.type}`);
    if (!suffixes.some((suffix) => sample.name === `${current?.name}${suffix}`)) {
      throw fail(`no sample of the ${current.type} ${current.name}`);
    }
    if (seriesSeen.has(sample.series)) throw fail('there twice');
    seriesSeen.add(sample.series);
    if (current.type === 'counter' && !(sample.value >= 0)) throw fail('a counter below 0');
    current.samples.push(sample);
  }
  return new Map([...families].map(([name, family]) => [name, checked(family)]));
}

interface OpenFamily {
  readonly name: string;
  readonly samples: Sample[];
  type?: string;
  help?: string;
}

function checked({ name, type, help, samples }: OpenFamily): Family {
  if (type === undefined) throw new Error(`${name} has no TYPE`);
  if (help === undefined) throw new Error(`${name} has no HELP`);
  const faults = type === 'histogram' ? histogramFaults(name, samples) : [];
  if (faults.length > 0) throw new Error(faults.join('\n'));
  return { name, type, help, samples };
}

function linesOf(text: string, format: Format): readonly string[] {
  if (!text.endsWith('\n')) throw new Error('the last line does not end');
  const lines = text.slice(0, -1).split('\n');
  if (format === 'text') return lines;
  if (lines.at(-1) !== '# EOF') throw new Error('does not end in # EOF');
  return lines.slice(0, -1);
}

function suffixesOf(type: string, format: Format): readonly string[] | undefined {
  const suffixes = { counter: format === 'text' ? [''] : ['_total'], gauge: [''], histogram: HISTOGRAM };
  return Object.hasOwn(suffixes, type) ? suffixes[type as keyof typeof suffixes] : undefined;
}

const HISTOGRAM = ['_bucket', '_sum', '_count'];
