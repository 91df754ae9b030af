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

export function readMetadata(sops: Plain): Metadata {
  const fields = fieldsOf(sops);
  const lastModified = parseTimestamp(textOf(fields.lastmodified).replace(/\.\d+/, ''));
  if (lastModified === undefined) throw new SopsError('its metadata has no valid lastmodified');
  const single = masterKeysOf(fields);
  const groups = single.length > 0 ? [single] : listOf(fields.key_groups).map((group) => masterKeysOf(fieldsOf(group)));
  if (groups.length === 0) throw new SopsError('its metadata names no key');
  return {
    keyGroups: groups,
    threshold: Number(textOf(fields.shamir_threshold)) || groups.length,
    mac: textOf(fields.mac),
    lastModified: lastModified.text,
    rule: ruleOf(fields),
    macOnlyEncrypted: /^(?:true|1)$/i.test(textOf(fields.mac_only_encrypted)),
  };
}

function ruleOf(fields: Readonly<Record<string, Plain>>): ScopeRule {
  const rules = ruleFields.filter((field) => textOf(fields[field]) !== '');
  if (rules.length > 1) throw new SopsError(`its metadata has both ${rules[0]} and ${rules[1]}`);
  const [field = 'unencrypted_suffix'] = rules;
  return { field, text: rules.length === 0 ? '_unencrypted' : textOf(fields[field]) };
}
