import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { type ReasonEntry, type ReasonKind, type Requeue, reasons } from '../../src/shared/api/reasons.ts';

interface Alert {
  readonly alert: string;
  readonly for: string;
  readonly severity: string;
  readonly runbook: string;
  readonly summary: string;
}

interface Alerts {
  readonly thresholds: Readonly<Record<string, number | string>>;
  readonly alerts: readonly Alert[];
}

const alertsFile = join(import.meta.dirname, '..', '..', 'chart', 'files', 'alerts.yaml');

/** The page of reasons, events and alerts, by path from the repository's root. */
export async function generatedFiles(): Promise<ReadonlyMap<string, string>> {
  const alerts = load(await readFile(alertsFile, 'utf8')) as Alerts;
  return new Map([['docs/reference/reasons.md', page(alerts)]]);
}

function page({ alerts, thresholds }: Alerts): string {
  return `<!-- Generated from src/shared/api/reasons.ts, tools/generate/reasons.ts and chart/files/alerts.yaml by \`npm run generate\`. -->

# Reasons, events and alerts

## Reasons of the Ready condition

| reason | Ready | means | runs again |
|---|---|---|---|
${Object.entries(reasons).map(reasonRow).join('\n')}

A run also starts whenever something that it goes by changes: the spec, a source, a dependency, an object of its own.

## Events

Of a StageSet, as \`kubectl describe\` and \`stagesetctl events\` show them. With \`--events-addr\` they go to Flux's
notification-controller too. Every reason above is an event when Ready turns to it, a Warning where it is not a healthy one. Besides:

| event | type | tells |
|---|---|---|
${Object.entries(events)
  .map(([name, { type, tells }]) => `| \`${name}\` | ${type} | ${tells} |`)
  .join('\n')}

## Alerts

The chart installs them with \`metrics.prometheusRule.enabled\`; thresholds are values below \`metrics.prometheusRule.thresholds\`, here with their defaults.

| alert | severity | for | fires when | runbook |
|---|---|---|---|---|
${alerts.map((alert) => alertRow(alert, thresholds)).join('\n')}
`;
}

function reasonRow([reason, { ready, kind, requeue }]: [string, ReasonEntry]): string {
  return `| [\`${reason}\`](../runbooks/${reason.toLowerCase()}.md) | ${ready} | ${kinds[kind]} | ${requeues[requeue]} |`;
}

const kinds: Readonly<Record<ReasonKind, string>> = {
  steady: 'all is well',
  intended: 'somebody wants it so',
  terminal: 'as it is written it cannot work; the condition Stalled is True',
  waiting: 'something else has to happen first',
  failure: 'it was tried and did not work',
  byCause: 'the message tells',
};

const requeues: Readonly<Record<Requeue, string>> = {
  steadyInterval: 'at `driftDetectionInterval` if that is shorter, else `interval`',
  specChange: 'when the spec changes',
  specOrSourceChange: 'when the spec or a source changes',
  graphChange: 'when a StageSet of the circle changes',
  eventOrRetryInterval: 'when that happens, and at `retryInterval`',
  byCause: 'when what is wrong changes; after errors of the API server soon, and ever less often',
  windowBoundary: 'when the windows open',
  retryIntervalOrBackoff: 'at `retryInterval`; after errors of network or API server sooner, from 1 s on',
  retryInterval: 'at `retryInterval`',
};

/** Events whose reason is none of Ready. `events.test.ts` looks for each in the code, and for others. */
export const events: Readonly<Record<string, { readonly type: 'Normal' | 'Warning'; readonly tells: string }>> = {
  Superseded: { type: 'Normal', tells: 'a wait has ended because something newer came, and what' },
  MigrationStarted: { type: 'Normal', tells: 'a migration begins, from which version to which' },
  MigrationCompleted: { type: 'Normal', tells: 'it is done' },
  MigrationFailed: { type: 'Warning', tells: 'it failed; the next run goes on with the action that did' },
  MigrationsBaselined: { type: 'Normal', tells: 'a first version was recorded, and no migration ran' },
  DriftCorrected: {
    type: 'Warning',
    tells: 'objects that somebody else had changed or removed were put right, and who',
  },
  OnFailureAction: { type: 'Warning', tells: 'an action of `onFailure` failed itself' },
  RolledBack: { type: 'Warning', tells: 'stages were put back, to which revisions and why' },
  RollbackStoreFailed: { type: 'Warning', tells: 'the rollback store could not be written, read or swept' },
  OwnerChanged: { type: 'Warning', tells: 'an object went from one StageSet to another' },
  TargetChanged: { type: 'Warning', tells: '`kubeConfig` leads elsewhere now; what is left on the former cluster' },
  TeardownForced: { type: 'Warning', tells: 'the finalizer of a deleted StageSet was dropped; what was left behind' },
};

function alertRow(
  { alert, severity, for: lasting, summary, runbook }: Alert,
  thresholds: Readonly<Record<string, number | string>>,
): string {
  const filled = lasting.replaceAll(/\$\((\w+)\)/g, (all, key: string) => `${thresholds[key] ?? all}`);
  const words = summary.replaceAll(/\{\{ *\$labels\.(\w+) *\}\}/g, '*$1*');
  const page = runbook.includes('{{')
    ? '[that of the reason](../runbooks/index.md)'
    : `[${runbook}](../runbooks/${runbook}.md)`;
  return `| \`${alert}\` | ${severity} | ${filled} | ${words} | ${page} |`;
}
