import type { MasterKey } from '../../shared/sops/master-key.ts';
import { parseTimestamp } from '../../shared/yaml/timestamp.ts';
import { masterKeysOf } from './master-key.ts';
import { fieldsOf, listOf, type Plain, textOf } from './plain.ts';
import { ruleFields, type ScopeRule } from './scope.ts';
import { SopsError } from './sops-error.ts';

/** What SOPS wrote beside the values. */
export interface Metadata {
  /** Each group yields the data key, or where there are several a share of it. */
  readonly keyGroups: readonly (readonly MasterKey[])[];
  readonly threshold: number;
  readonly mac: string;
  readonly lastModified: string;
  readonly rule: ScopeRule;
  readonly macOnlyEncrypted: boolean;
}

/** Each is tried, and a try may take milliseconds; nobody shares a secret with so many. */
const MAX_KEYS = 1_000;

export function readMetadata(sops: Plain): Metadata {
  const fields = fieldsOf(sops);
  const lastModified = parseTimestamp(textOf(fields.lastmodified).replace(/\.\d+/, ''));
  if (lastModified === undefined) throw new SopsError('its metadata has no valid lastmodified');
  const single = masterKeysOf(fields);
  const groups = single.length > 0 ? [single] : listOf(fields.key_groups).map((group) => masterKeysOf(fieldsOf(group)));
  if (groups.length === 0) throw new SopsError('its metadata names no key');
  if (groups.flat().length > MAX_KEYS) throw new SopsError(`its metadata names more than ${MAX_KEYS} keys`);
  return {
    keyGroups: groups,
    threshold: thresholdOf(textOf(fields.shamir_threshold), groups.length),
    mac: textOf(fields.mac),
    lastModified: lastModified.text,
    rule: ruleOf(fields),
    macOnlyEncrypted: /^(?:true|1)$/i.test(textOf(fields.mac_only_encrypted)),
  };
}

/** None, or 0: all groups. SOPS writes `2.000000` into INI. */
function thresholdOf(text: string, groups: number): number {
  if (!/^(?:\d{1,9}(?:\.0+)?)?$/.test(text)) throw new SopsError('its metadata has no valid shamir_threshold');
  return Number(text) || groups;
}

function ruleOf(fields: Readonly<Record<string, Plain>>): ScopeRule {
  const rules = ruleFields.filter((field) => textOf(fields[field]) !== '');
  if (rules.length > 1) throw new SopsError(`its metadata has both ${rules[0]} and ${rules[1]}`);
  const [field = 'unencrypted_suffix'] = rules;
  return { field, text: rules.length === 0 ? '_unencrypted' : textOf(fields[field]) };
}
