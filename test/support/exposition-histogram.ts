import { type Sample, seriesOf } from './exposition-sample.ts';

/** What is wrong with a histogram: each of its metrics has ascending, cumulative buckets up to +Inf, a sum and a count. */
export function histogramFaults(name: string, samples: readonly Sample[]): readonly string[] {
  const metrics = Object.entries(Object.groupBy(samples, metricOf));
  const together = metrics.flatMap(([, own = []]) => own);
  if (together.some((sample, i) => sample !== samples[i])) return [`${name}: metrics are interleaved`];
  return metrics.flatMap(([metric, own = []]) => [...faultsOf(name, own)].map((fault) => `${name}${metric}: ${fault}`));
}

/** Its labels but for the bound. */
function metricOf({ labels: { le: _bound, ...labels } }: Sample): string {
  return seriesOf('', labels);
}

function* faultsOf(name: string, samples: readonly Sample[]): Iterable<string> {
  const buckets = samples.filter((sample) => sample.name === `${name}_bucket`);
  const [sum, count] = ['sum', 'count'].map((part) => samples.find((sample) => sample.name === `${name}_${part}`));
  if (samples.some((sample) => sample.name !== `${name}_bucket` && sample.labels.le !== undefined)) {
    yield 'a bound on what is no bucket';
  }
  const bounds = buckets.map(({ labels: { le } }) => (le === '+Inf' ? Infinity : Number(le || Number.NaN)));
  if (bounds.some(Number.isNaN)) yield 'a bucket without a bound';
  if (bounds.some((bound, i) => bound <= (bounds[i - 1] ?? -Infinity))) yield 'bounds do not ascend';
  if (buckets.some(({ value }, i) => value < (buckets[i - 1]?.value ?? 0))) yield 'buckets are not cumulative';
  if (bounds.at(-1) !== Infinity) yield 'no +Inf bucket';
  if (sum === undefined || count === undefined) yield 'sum or count is missing';
  else if (count.value !== buckets.at(-1)?.value) yield 'the count is not that of the +Inf bucket';
}
