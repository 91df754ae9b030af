import type { Flag } from '../../src/main/flags/flag.ts';
import { flags } from '../../src/main/flags/table.ts';
import { type FlagKey, isList, leavesOf } from './value.ts';
import { values } from './values.ts';

/** What the templates themselves say, since it hangs together with their objects. */
const saidByTemplates: readonly FlagKey[] = [
  'enableWebhook',
  'webhookCertMode',
  'webhookCertValidityMs',
  'webhookCaLimit',
];

/** Named templates that turn values into arguments: `controller`, `mcp` and `s3`. */
export function argsTemplate(): string {
  const head = '{{/* Generated from tools/chart/values.ts by `npm run generate`. */}}\n';
  return (
    head +
    [define('controller', 'controller.'), define('mcp', 'mcp.'), define('s3', 'rollbackStore.s3.')].join('') +
    defineNulls()
  );
}

/** Of what cannot be absent: a `null` among the values takes the default away. Without limits a pod can live. */
function defineNulls(): string {
  const paths = leavesOf(values)
    .filter(([path, { fallback }]) => !isEmpty(fallback) && !path.startsWith('resources.'))
    .map(([path]) => JSON.stringify(path));
  return `{{- define "stageset-controller.nulls" -}}
{{- range $path := list ${paths.join(' ')} -}}
{{- $at := $.Values -}}
{{- range splitList "." $path }}{{ $at = index (default dict $at) . }}{{ end -}}
{{- if kindIs "invalid" $at }}{{ fail (printf "%s is null: leave it out, and it has its default" $path) }}{{ end -}}
{{- end -}}
{{- end }}
`;
}

function isEmpty(fallback: unknown): boolean {
  return Array.isArray(fallback) ? fallback.length === 0 : fallback === '' || typeof fallback === 'object';
}

function define(name: string, prefix: string): string {
  const lines = leavesOf(values).flatMap(([path, { flag }]) =>
    flag === undefined || !path.startsWith(prefix) || saidByTemplates.includes(flag) ? [] : argument(path, flags[flag]),
  );
  return `{{- define "stageset-controller.args.${name}" -}}\n${lines.join('\n')}\n{{- end }}\n`;
}

function argument(path: string, flag: Flag<unknown>): readonly string[] {
  const value = `.Values.${path}`;
  if (flag.repeats) return [`{{- range ${value} }}`, line(flag, '.'), '{{- end }}'];
  if (isList(flag)) return [`{{- with ${value} }}`, line(flag, 'join "," .'), '{{- end }}'];
  // Zero is a value: only text can be absent.
  if (flag.fallback === '' || flag.fallback === undefined)
    return [`{{- with ${value} }}`, line(flag, '.'), '{{- end }}'];
  return [line(flag, value)];
}

function line({ name }: Flag<unknown>, expression: string): string {
  return `- {{ printf "--${name}=%s" (include "stageset-controller.scalar" ${expression.includes(' ') ? `(${expression})` : expression}) | quote }}`;
}
