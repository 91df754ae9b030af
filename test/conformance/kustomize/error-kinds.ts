import type { ProblemKind } from '../../../src/workers/kustomize/problem.ts';

/** Which kind of problem a message of the tool tells; the first that fits. */
const kinds: readonly (readonly [RegExp, ProblemKind])[] = [
  [/cycle detected/, 'cycle'],
  [/security; file|cannot be absolute/, 'outside'],
  [/external plugins disabled|enable-helm|HTTP Error|git fetch|git.*exit status|dial tcp|no 'git' program/, 'refused'],
  [/already registered id|ID conflict|already encountered|can not use behavior|illegally repeats/, 'conflict'],
  [/multiple matches|unable to disambiguate|multiple possible referrals|found multiple objects/, 'ambiguous'],
  [
    /no matches for|nothing selected by|does not exist; cannot merge|does not match a config|cannot be mapped to/,
    'noTarget',
  ],
  [/unsupported (?:value|type)|cannot decode|Unexpected kind/, 'field'],
  [/missing Resource metadata|missing metadata|missing kind|expected array in|empty item at/, 'syntax'],
  [/Found multiple kustomization|expected kind|invalid Kustomization|kustomization.yaml is empty/, 'configuration'],
  [/MalformedYAML|invalid document separator|unable to parse SM or JSON|invalid utf8/, 'syntax'],
  [
    /unable to find one of|must build at directory|no such file|must resolve to a file|not a valid directory/,
    'missing',
  ],
  [
    /Failed to read kustomization|unknown field|conflicting fieldspecs|must specify|patch and path can't/,
    'configuration',
  ],
  [
    /empty file path|appears to be empty|sortOptions|not built in|cannot use both|unable to load builtin/,
    'configuration',
  ],
  [/unable to parse requirement|error parsing regexp|mutually exclusive|is not allowed to set/, 'configuration'],
  [/must have a name|invalid literal source|missing key name|missing file path|contains '='/, 'configuration'],
  [/fieldSpecs is not|unsupported replacement|not a (?:generator|transformer)|cannot specify both/, 'configuration'],
  [/validator shouldn't|must be one of|invalid value|fails configuration/, 'configuration'],
  [/yaml: |cannot unmarshal|json: /, 'syntax'],
  [/./s, 'field'],
];

export function kindOfError(message: string): ProblemKind {
  return kinds.find(([pattern]) => pattern.test(message))?.[1] ?? 'field';
}
