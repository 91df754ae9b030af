import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMap, isScalar, parseDocument } from 'yaml';
import { anything, listOf, promDuration, texts, truth, url, type Values } from './value.ts';

const file = join(import.meta.dirname, '..', '..', 'chart', 'files', 'alerts.yaml');

/** The PrometheusRule: its thresholds are those that `chart/files/alerts.yaml` names and describes. */
export const prometheusRuleValues: Values = {
  enabled: { says: 'Install the alerts.', fallback: false, schema: truth },
  labels: { says: 'Labels by which Prometheus selects the rule.', fallback: {}, schema: texts },
  thresholds: { says: 'From which point on each alert fires.', values: thresholds() },
  extraAlertLabels: { says: 'Labels of every alert, such as the team that gets it.', fallback: {}, schema: texts },
  extraRules: { says: 'More rules, as in a group of Prometheus.', fallback: [], schema: listOf(anything) },
  runbookBaseURL: {
    says: 'Where runbooks are published; alerts then carry runbook_url. Empty: no links.',
    fallback: '',
    schema: url,
  },
};

function thresholds(): Values {
  const declared = parseDocument(readFileSync(file, 'utf8')).get('thresholds');
  if (!isMap(declared)) throw new Error(`${file} names no thresholds`);
  const found = declared.items.map(({ key, value }, i) => {
    if (!isScalar(key) || !isScalar(value)) throw new Error(`${file}: threshold ${i} is not a plain one`);
    // What stands above the first key stands above the whole map.
    const says = (key.commentBefore ?? declared.commentBefore ?? '').trim();
    const schema = typeof value.value === 'number' ? { type: 'number', minimum: 0 } : promDuration;
    return [String(key.value), { says, fallback: value.value, schema }] as const;
  });
  return Object.fromEntries(found);
}
