import { isOurs } from '../../main/live/ownership-print.ts';
import type { ManagedFieldsEntry } from '../../shared/objects/object.ts';
import { isMap, type YamlMap, type YamlValue } from '../../shared/yaml/yaml-value.ts';
import { type Claims, keptByAny, keptByClaims, keptByValue, withoutClaimed } from './claimed.ts';
import { keyFieldOf } from './compare.ts';

/** What an apply of `body` would make of this object, as far as that can be told without the server and its defaults. */
export function asApplied(live: YamlMap, body: YamlMap): YamlMap {
  const wanted = dataOnly(body);
  const ours = managedFieldsOf(live).filter(isOurs).map(claimsOf);
  const claimed = ours[0] ?? {};
  const bare = withoutClaimed(live, claimed, keptByValue(wanted));
  return overlaid(bare, wanted, claimed) as YamlMap;
}

/**
 * The object without what only those hold whose fields the controller makes its own and then applies no more: `kubectl
 * edit`, Helm and their like. What is in `wanted` stays.
 */
export function asFolded(
  object: YamlMap,
  isOverridden: (entry: ManagedFieldsEntry) => boolean,
  wanted: YamlMap = {},
): YamlMap {
  const entries = managedFieldsOf(object);
  const others = entries.filter((entry) => !isOverridden(entry)).map((entry) => keptByClaims(claimsOf(entry)));
  const kept = keptByAny([...others, keptByValue(dataOnly(wanted))]);
  return entries
    .filter(isOverridden)
    .reduce<YamlMap>((left, theirs) => withoutClaimed(left, claimsOf(theirs), kept) as YamlMap, object);
}

function managedFieldsOf({ metadata }: YamlMap): readonly ManagedFieldsEntry[] {
  const entries = isMap(metadata) ? metadata.managedFields : undefined;
  return Array.isArray(entries) ? (entries as unknown as readonly ManagedFieldsEntry[]) : [];
}

function claimsOf({ fieldsV1 }: ManagedFieldsEntry): Claims {
  return typeof fieldsV1 === 'object' && fieldsV1 !== null ? (fieldsV1 as Claims) : {};
}

/** The server keeps `stringData` as `data`. */
function dataOnly(body: YamlMap): YamlMap {
  const { stringData, ...rest } = body;
  if (body.kind !== 'Secret' || body.apiVersion !== 'v1' || !isMap(stringData)) return body;
  const encoded = Object.entries(stringData).map(([key, value]) => [
    key,
    Buffer.from(String(value)).toString('base64'),
  ]);
  return { ...rest, data: { ...(isMap(rest.data) ? rest.data : {}), ...Object.fromEntries(encoded) } };
}

/** A field of a list that we hold as a whole has exactly our elements. */
function overlaid(base: YamlValue | undefined, wanted: YamlValue, claims: Claims | undefined): YamlValue {
  if (isMap(base) && isMap(wanted)) {
    const merged = Object.entries(wanted).map(([key, value]) => [
      key,
      overlaid(Object.hasOwn(base, key) ? base[key] : undefined, value, claims?.[`f:${key}`]),
    ]);
    return { ...base, ...Object.fromEntries(merged) };
  }
  return isList(base) && isList(wanted) ? overlaidList(base, wanted, claims) : wanted;
}

function overlaidList(
  base: readonly YamlValue[],
  wanted: readonly YamlValue[],
  claims: Claims | undefined,
): readonly YamlValue[] {
  const field = keyFieldOf(base, wanted);
  if (field === undefined) return wanted;
  const keyOf = (item: YamlValue) => (isMap(item) ? item[field] : undefined);
  const isAtomic = claims !== undefined && Object.keys(claims).length === 0;
  const keys = new Set(wanted.map(keyOf));
  return [
    ...wanted.map((item) =>
      overlaid(
        base.find((each) => keyOf(each) === keyOf(item)),
        item,
        undefined,
      ),
    ),
    ...(isAtomic ? [] : base.filter((item) => !keys.has(keyOf(item)))),
  ];
}

function isList(value: YamlValue | undefined): value is readonly YamlValue[] {
  return Array.isArray(value);
}
