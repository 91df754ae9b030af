import { setImmediate as nextLoop } from 'node:timers/promises';
import type { Metric, Registry } from 'prom-client';

/** What scrapers understand: Prometheus' own text, and OpenMetrics, which grew out of it. */
export type Format = 'text' | 'openMetrics';

export const contentTypes: Readonly<Record<Format, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openMetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

/** Thousands of StageSets have tens of thousands of series: what else is due gets its turn between so many. */
const LINES_AT_ONCE = 500;

/**
 * All that the registry holds, each family as it is when its turn comes. prom-client writes OpenMetrics from a registry
 * made for it alone, and renames counters as it writes; this writes both from one.
 */
export async function expose(registry: Registry, format: Format): Promise<string> {
  const pages: string[] = [];
  let page: string[] = [];
  for (const { name } of registry.getMetricsAsArray()) {
    const family = await registry.getSingleMetric(name)?.get();
    for (const line of family === undefined ? [] : linesOf(family, format)) {
      page.push(`${line}\n`);
      if (page.length < LINES_AT_ONCE) continue;
      pages.push(page.join(''));
      page = [];
      await nextLoop();
    }
  }
  const end = format === 'openMetrics' ? '# EOF\n' : '';
  return [...pages, ...page, end].join('');
}

function* linesOf({ name, help, type, values }: FamilyNow, format: Format): Iterable<string> {
  const isCounter = `${type}` === 'counter';
  const family = format === 'openMetrics' && isCounter ? name.replace(/_total$/, '') : name;
  const sampleOfCounter = format === 'openMetrics' ? `${family}_total` : name;
  yield `# HELP ${family} ${escapeHelp(help, format)}`;
  yield `# TYPE ${family} ${type}`;
  for (const sample of values) {
    const sampleName = isCounter ? sampleOfCounter : nameOf(sample, name);
    yield `${sampleName}${labelSet(sample.labels, format)} ${numeral(sample.value)}`;
  }
}

type FamilyNow = Awaited<ReturnType<Metric['get']>>;

/** A histogram's samples carry names of their own, which prom-client's types leave out. */
function nameOf(sample: object, family: string): string {
  return 'metricName' in sample && typeof sample.metricName === 'string' ? sample.metricName : family;
}

function labelSet(labels: Readonly<Record<string, string | number | undefined>>, format: Format): string {
  const written = Object.entries(labels).map(([name, value = '']) => {
    const text = name === 'le' && format === 'openMetrics' ? bound(`${value}`) : `${value}`;
    return `${name}="${escapeText(text).replaceAll('"', '\\"')}"`;
  });
  return written.length === 0 ? '' : `{${written.join(',')}}`;
}

/** OpenMetrics writes whole bounds with a point, so that all scrapers hold them for the same series. */
function bound(le: string): string {
  return /^\d+$/.test(le) ? `${le}.0` : le;
}

function numeral(value: number): string {
  if (Number.isFinite(value) || Number.isNaN(value)) return `${value}`;
  return value > 0 ? '+Inf' : '-Inf';
}

function escapeHelp(help: string, format: Format): string {
  return format === 'openMetrics' ? escapeText(help).replaceAll('"', '\\"') : escapeText(help);
}

function escapeText(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}
