import { isMap, type YamlMap, type YamlValue } from '../../shared/yaml/yaml-value.ts';

/** Fields as `managedFields` names them: `f:` a field, `k:` an element by its keys, `v:` one by its value, `.` itself. */
export interface Claims {
  readonly [step: string]: Claims;
}

/** What is to stay, asked step by step. */
export interface Kept {
  below(step: string): Kept | undefined;
}

export function keptByAny(all: readonly Kept[]): Kept {
  return {
    below: (step) => {
      const inner = all.flatMap((kept) => kept.below(step) ?? []);
      return inner.length === 0 ? undefined : keptByAny(inner);
    },
  };
}

export function keptByClaims(claims: Claims): Kept {
  return {
    below: (step) => {
      const inner = claims[step];
      return inner === undefined ? undefined : keptByClaims(inner);
    },
  };
}

export function keptByValue(value: YamlValue): Kept {
  return {
    below: (step) => {
      const inner = valueAt(value, step);
      return inner === undefined ? undefined : keptByValue(inner);
    },
  };
}

/** A value without what is claimed and not kept, as the server takes it away from who applies it no more. */
export function withoutClaimed(value: YamlValue, claims: Claims, kept: Kept | undefined): YamlValue {
  if (isMap(value)) return mapWithout(value, claims, kept);
  return Array.isArray(value) ? listWithout(value, claims, kept) : value;
}

function mapWithout(map: YamlMap, claims: Claims, kept: Kept | undefined): YamlMap {
  const left = Object.entries(map).flatMap(([key, inner]): readonly (readonly [string, YamlValue])[] => {
    const after = afterStep(inner, `f:${key}`, claims, kept);
    return after === undefined ? [] : [[key, after]];
  });
  return Object.fromEntries(left);
}

function listWithout(list: readonly YamlValue[], claims: Claims, kept: Kept | undefined): readonly YamlValue[] {
  const steps = Object.keys(claims);
  return list.flatMap((item) => {
    const step = steps.find((each) => names(each, item));
    const after = step === undefined ? item : afterStep(item, step, claims, kept);
    return after === undefined ? [] : [after];
  });
}

/** Undefined where nothing is left of it. */
function afterStep(value: YamlValue, step: string, claims: Claims, kept: Kept | undefined): YamlValue | undefined {
  const claimed = claims[step];
  if (claimed === undefined) return value;
  const keptHere = kept?.below(step);
  if (keptHere === undefined && Object.keys(claimed).length === 0) return undefined;
  const after = withoutClaimed(value, claimed, keptHere);
  return keptHere === undefined && isEmpty(after) && !isEmpty(value) ? undefined : after;
}

function isEmpty(value: YamlValue): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return isMap(value) && Object.keys(value).length === 0;
}

function valueAt(value: YamlValue, step: string): YamlValue | undefined {
  if (step.startsWith('f:')) {
    const key = step.slice(2);
    return isMap(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  }
  return Array.isArray(value) ? value.find((item) => names(step, item)) : undefined;
}

function names(step: string, item: YamlValue): boolean {
  const wanted = step.startsWith('k:') || step.startsWith('v:') ? parsed(step.slice(2)) : undefined;
  if (step.startsWith('v:')) return wanted === item;
  if (wanted === undefined || !isMap(wanted) || !isMap(item)) return false;
  // A protocol that a manifest leaves out is TCP, and the server's keys name it.
  return Object.entries(wanted).every(([key, value]) => (item[key] ?? (key === 'protocol' ? 'TCP' : null)) === value);
}

function parsed(text: string): YamlValue | undefined {
  try {
    return JSON.parse(text) as YamlValue;
  } catch {
    return undefined;
  }
}
