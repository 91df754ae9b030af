import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { load } from 'js-yaml';

/** `chart/files/alerts.yaml`, which says what each of this is for. */
export interface Alerts {
  readonly thresholds: Readonly<Record<string, number | string>>;
  readonly alerts: readonly Alert[];
}

export interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly severity: string;
  readonly runbook: string;
  readonly summary: string;
  readonly description: string;
}

export interface RuleGroup {
  readonly name: string;
  readonly rules: readonly object[];
}

export async function shippedAlerts(): Promise<Alerts> {
  const file = join(import.meta.dirname, '..', '..', 'chart', 'files', 'alerts.yaml');
  return load(await readFile(file, 'utf8')) as Alerts;
}

/** Rules for Prometheus, as the chart makes them. `lasting` stands for each `for`, where tests have no minutes to wait. */
export function ruleGroup(
  name: string,
  { alerts, thresholds }: Alerts,
  wishes: { readonly values: Readonly<Record<string, string>>; readonly lasting?: string },
): RuleGroup {
  const values = { ...thresholds, ...wishes.values };
  const filled = (text: string) =>
    text.replaceAll(/\$\((\w+)\)/g, (_all, key: string) => {
      const value = values[key];
      if (value === undefined) throw new Error(`no value for $(${key})`);
      return `${value}`;
    });
  const rules = alerts.map(({ alert, expr, for: lasting, severity, runbook, summary, description }) => ({
    alert,
    expr: filled(expr),
    for: wishes.lasting ?? filled(lasting),
    labels: { severity },
    annotations: { summary, description, runbook_url: `https://runbooks.test/${runbook}/` },
  }));
  return { name, rules };
}
