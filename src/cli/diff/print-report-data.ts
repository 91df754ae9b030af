import { isMap, type YamlValue } from '../../shared/yaml/yaml-value.ts';
import { type DataFormat, printData } from '../output/print-data.ts';
import { fieldsOf } from './fields.ts';
import { type Change, type ChangeKind, changesOf, type Report } from './report.ts';

const kinds: readonly ChangeKind[] = ['created', 'changed', 'replaced', 'pruned', 'refused', 'unchanged'];

/** For programs: a document in any case, also where nothing would be done. */
export function printReportData(
  report: Report,
  { format, showUnchanged }: { readonly format: DataFormat; readonly showUnchanged: boolean },
): string {
  const shown = report.changes.filter(({ is }) => showUnchanged || is !== 'unchanged');
  return printData(
    {
      stageSet: report.stageSet,
      counts: Object.fromEntries(kinds.map((kind) => [kind, changesOf(report, kind).length])),
      changes: shown.map(dataOf),
      actions: report.actions,
      objections: report.objections,
    },
    format,
  );
}

function dataOf({ object, ...change }: Change): unknown {
  const base = { ...object, change: change.is };
  switch (change.is) {
    case 'created':
      return { ...base, object: plain(change.to) };
    case 'changed':
      return {
        ...base,
        ...(change.note !== undefined && { note: change.note }),
        fields: plain(fieldsOf(change.difference)),
      };
    case 'replaced':
      return {
        ...base,
        because: change.because,
        fields: change.difference === undefined ? [] : plain(fieldsOf(change.difference)),
      };
    case 'pruned':
    case 'refused':
      return { ...base, because: change.because };
    case 'unchanged':
      return { ...base, ...(change.note !== undefined && { note: change.note }) };
    default:
      return change satisfies never;
  }
}

/** JSON has no BigInt. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(plain);
  if (!isMap(value as YamlValue)) return value;
  return Object.fromEntries(Object.entries(value as object).map(([key, inner]) => [key, plain(inner)]));
}
