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
    head + [define('controller', 'controller.'), define('mcp', 'mcp.'), define('s3', 'rollbackStore.s3.')].join('')
  );
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
