import { circumstances, type Grant, grants, verbsOfWatchedKinds } from './grants.ts';

/** Named templates that yield the rules of each role, nothing where there are none. */
export function rulesTemplate(): string {
  const head = '{{/* Generated from tools/chart/grants.ts by `npm run generate`. */}}\n';
  return (
    head +
    [
      define('watched', [...ruleLines('watched'), ...watchedKinds]),
      define('cluster', ruleLines('cluster')),
      define('release', ruleLines('release')),
    ].join('')
  );
}

function define(place: Grant['in'], lines: readonly string[]): string {
  return `{{- define "stageset-controller.rules.${place}" -}}\n${lines.join('\n')}\n{{- end }}\n`;
}

function ruleLines(place: Grant['in']): readonly string[] {
  return grants.filter((grant) => grant.in === place).flatMap(asTemplate);
}

function asTemplate(grant: Grant): readonly string[] {
  const rule = [
    `# ${grant.for}`,
    `- apiGroups: ${list(grant.apiGroups)}`,
    `  resources: ${list(grant.resources)}`,
    ...(grant.nameTemplate === undefined ? [] : [`  resourceNames: [{{ include "${grant.nameTemplate}" . | quote }}]`]),
    `  verbs: ${list(grant.verbs)}`,
  ];
  return grant.when === undefined ? rule : [`{{- if ${circumstances[grant.when]} }}`, ...rule, '{{- end }}'];
}

const watchedKinds = [
  '{{- range .Values.rbac.watchedKinds }}',
  '# one watch a kind for all tenants',
  '- apiGroups: {{ toJson .apiGroups }}',
  '  resources: {{ toJson .resources }}',
  `  verbs: ${list(verbsOfWatchedKinds)}`,
  '{{- end }}',
];

function list(items: readonly string[]): string {
  return JSON.stringify(items);
}
