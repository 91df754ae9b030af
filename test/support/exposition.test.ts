import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseExposition } from './exposition.ts';

const gauge = (...samples: readonly string[]) => lines('# HELP g Help.', '# TYPE g gauge', ...samples);
const histogram = (...samples: readonly string[]) => lines('# HELP h Help.', '# TYPE h histogram', ...samples);
const lines = (...all: readonly string[]) => all.map((line) => `${line}\n`).join('');

test('names, labels, escapes and values are read', () => {
  const text = gauge('g 1', String.raw`g{a="x\\y\"z\n",b=""} -2.5e-7`, 'g{a="2"} +Inf', 'g{a="3"} NaN');
  const { samples = [], ...family } = parseExposition(text, 'text').get('g') ?? {};
  assert.deepEqual(family, { name: 'g', type: 'gauge', help: 'Help.' });
  assert.deepEqual(
    samples.map(({ labels, value }) => [labels, value]),
    [
      [{}, 1],
      [{ a: 'x\\y"z\n', b: '' }, -2.5e-7],
      [{ a: '2' }, Infinity],
      [{ a: '3' }, NaN],
    ],
  );
});

test('counters are called after their family in text, and by _total in OpenMetrics', () => {
  const [inText, inOpenMetrics] = ['c_total', 'c'].map((name) => lines(`# HELP ${name} .`, `# TYPE ${name} counter`));
  assert.equal(parseExposition(`${inText}c_total 1\n`, 'text').size, 1);
  assert.equal(parseExposition(`${inOpenMetrics}c_total 1\n# EOF\n`, 'openMetrics').size, 1);
  assert.throws(() => parseExposition(`${inOpenMetrics}c_total 1\n`, 'text'), /no sample of the counter c/);
  assert.throws(() => parseExposition(`${inOpenMetrics}c 1\n# EOF\n`, 'openMetrics'), /no sample of the counter c/);
});

const refused: Readonly<Record<string, readonly [text: string, why: RegExp]>> = {
  'a series there twice': [gauge('g{a="1",b="2"} 1', 'g{b="2",a="1"} 1'), /there twice/],
  'no TYPE': [lines('# HELP g Help.', 'g 1'), /no TYPE/],
  'no TYPE, no sample': [lines('# HELP g Help.'), /no TYPE/],
  'no HELP': [lines('# TYPE g gauge', 'g 1'), /no HELP/],
  'no family at all': ['g 1\n', /no TYPE/],
  'an unknown type': [lines('# HELP g Help.', '# TYPE g guage', 'g 1'), /no such type/],
  'a type of JavaScript': [lines('# HELP g Help.', '# TYPE g constructor', 'g 1'), /no such type/],
  'TYPE after samples': [lines('# HELP g Help.', '# TYPE g gauge', 'g 1', '# TYPE g gauge'), /after samples/],
  'TYPE twice': [lines('# TYPE g gauge', '# TYPE g gauge'), /second TYPE/],
  'interleaved families': [`${gauge('g 1')}${histogram()}${gauge('g{a="1"} 1')}`, /interleaved/],
  'a sample among those of another family': [`${gauge('g 1', 'f 1')}`, /no sample of the gauge g/],
  'a bad escape': [gauge(String.raw`g{a="\t"} 1`), /bad escape \\t/],
  'a bad escape in HELP': [lines(String.raw`# HELP g \"`, '# TYPE g gauge'), /bad escape \\"/],
  'an open quote': [gauge('g{a="1} 1'), /cannot be read/],
  'a comma at the end': [gauge('g{a="1",} 1'), /cannot be read/],
  'a label there twice': [gauge('g{a="1",a="2"} 1'), /there twice/],
  'a label for scrapers': [gauge('g{__name__="g"} 1'), /for scrapers/],
  'prom-client has Nan': [gauge('g Nan'), /no number/],
  'a timestamp': [gauge('g 1 1700000000'), /no number/],
  'a value of no kind': [gauge('g 0x10'), /no number/],
  'no value': [gauge('g'), /no single space/],
  'an empty line': [gauge('', 'g 1'), /neither/],
  'a comment': [gauge('# g', 'g 1'), /neither/],
  'an end that is missing': ['# HELP g Help.', /does not end/],
  'a counter below 0': [lines('# HELP c .', '# TYPE c counter', 'c -1'), /below 0/],
  'buckets that are not cumulative': [
    histogram('h_bucket{le="1"} 2', 'h_bucket{le="+Inf"} 1', 'h_sum 1', 'h_count 1'),
    /not cumulative/,
  ],
  'no +Inf': [histogram('h_bucket{le="1"} 2', 'h_sum 1', 'h_count 2'), /no \+Inf/],
  'bounds that do not ascend': [
    histogram('h_bucket{le="2"} 1', 'h_bucket{le="1"} 1', 'h_bucket{le="+Inf"} 1', 'h_sum 1', 'h_count 1'),
    /ascend/,
  ],
  'a bound twice': [
    histogram('h_bucket{le="1"} 1', 'h_bucket{le="1.0"} 1', 'h_bucket{le="+Inf"} 1', 'h_sum 1', 'h_count 1'),
    /ascend/,
  ],
  'a bucket without bound': [
    histogram('h_bucket 1', 'h_bucket{le="+Inf"} 1', 'h_sum 1', 'h_count 1'),
    /without a bound/,
  ],
  'a count of its own': [histogram('h_bucket{le="+Inf"} 1', 'h_sum 1', 'h_count 2'), /count is not/],
  'no sum': [histogram('h_bucket{le="+Inf"} 1', 'h_count 1'), /missing/],
  'a bound on a count': [
    histogram('h_bucket{le="+Inf"} 1', 'h_sum 1', 'h_count{le="+Inf"} 1'),
    /a bound on what is no bucket/,
  ],
  'metrics of a histogram interleaved': [
    histogram('h_bucket{a="1",le="+Inf"} 1', 'h_bucket{a="2",le="+Inf"} 1', 'h_sum{a="1"} 1', 'h_count{a="1"} 1'),
    /interleaved/,
  ],
};

for (const [what, [text, why]] of Object.entries(refused)) {
  test(`refused: ${what}`, () => assert.throws(() => parseExposition(text, 'text'), why));
}

test('OpenMetrics ends in # EOF, once', () => {
  assert.throws(() => parseExposition(gauge('g 1'), 'openMetrics'), /# EOF/);
  assert.throws(() => parseExposition(`${gauge('g 1')}# EOF\n# EOF\n`, 'openMetrics'), /neither/);
  assert.throws(() => parseExposition(`${gauge('g 1')}# EOF\n`, 'text'), /neither/);
});
