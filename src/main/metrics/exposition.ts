import { setImmediate as nextLoop } from 'node:timers/promises';
import type { Registry } from 'prom-client';

/** What scrapers understand: Prometheus' own text, and OpenMetrics, which grew out of it. */
export type Format = 'text' | 'openMetrics';

export const contentTypes: Readonly<Record<Format, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openMetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

/** Thousands of StageSets have tens of thousands of series: what else is due gets its turn between so many. */
const LINES_AT_ONCE = 1_000;

/**
 * All that the registry holds, as it is now. prom-client writes OpenMetrics from a registry made for it alone, and
 * renames counters as it writes; this writes both from one.
 */
export async function expose(registry: Registry, format: Format): Promise<string> {
  const lines: string[] = [];
  let restAt = LINES_AT_ONCE;
  for (const { name, help, type, values } of await registry.getMetricsAsJSON()) {
    const isCounter = `${type}` === 'counter';
    const family = format === 'openMetrics' && isCounter ? name.replace(/_total$/, '') : name;
    const sampleOfCounter = format === 'openMetrics' ? `${family}_total` : name;
    lines.push(`# HELP ${family} ${escapeHelp(help, format)}`, `# TYPE ${family} ${type}`);
    for (const sample of values) {
      const sampleName = isCounter ? sampleOfCounter : nameOf(sample, name);
      lines.push(`${sampleName}${labelSet(sample.labels, format)} ${numeral(sample.value)}`);
      if (lines.length < restAt) continue;
      restAt = lines.length + LINES_AT_ONCE;
      await nextLoop();
    }
  }
  if (format === 'openMetrics') lines.push('# EOF');
  return `${lines.join('\n')}\n`;
}

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
