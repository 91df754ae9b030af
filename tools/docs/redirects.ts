import { posix } from 'node:path';
import { isRunbook } from './navigation.ts';
import type { Page } from './pages.ts';

/** Where the Go implementation's documentation has what is here: bookmarks, alerts and agents know those addresses. */
const formerAddresses: Readonly<Record<string, string>> = {
  api: 'reference/api.md',
  'api/stageinventory': 'reference/api.md',
  'api/stageset': 'reference/api.md',
  cli: 'stagesetctl.md',
  'cli/build': 'stagesetctl.md',
  'cli/diff': 'stagesetctl.md',
  'cli/get': 'stagesetctl.md',
  'cli/reconcile': 'stagesetctl.md',
  comparisons: 'comparison.md',
  'comparisons/argo-rollouts': 'comparison.md',
  'comparisons/flux': 'comparison.md',
  'comparisons/helm': 'comparison.md',
  'comparisons/jsonnet-controller': 'comparison.md',
  'comparisons/kustomize': 'comparison.md',
  'comparisons/tanka-kubecfg': 'comparison.md',
  contributing: 'contributing.md',
  'contributing/building': 'contributing.md',
  'contributing/ci-and-release': 'contributing.md',
  installation: 'quickstart.md',
  'installation/configuration': 'flags.md',
  'installation/kubernetes': 'quickstart.md',
  'installation/operations': 'operations.md',
  'installation/production': 'operations.md',
  tutorials: 'quickstart.md',
  'tutorials/flux-sources': 'tutorials/sources.md',
  'tutorials/jsonnet-to-rollout': 'tutorials/jaas.md',
  'tutorials/parameters': 'tutorials/parameters.md',
  'tutorials/progressive-delivery': 'gate.md',
  'tutorials/quickstart': 'quickstart.md',
  usage: 'concepts.md',
  'usage/actions': 'actions.md',
  'usage/conflict-policies': 'conflict-policies.md',
  'usage/encryption': 'encryption.md',
  'usage/mcp-server': 'mcp.md',
  'usage/multi-cluster': 'tenancy.md',
  'usage/producer-aware-sources': 'stages-and-sources.md',
  'usage/ready-checks': 'ready-checks.md',
  'usage/rollback': 'rollback.md',
  'usage/stages-and-sources': 'stages-and-sources.md',
  'usage/update-windows': 'update-windows.md',
  'usage/versioned-migrations': 'versions-and-migrations.md',
};

/** From a folder's address to a page's path. Links of conditions and alerts to runbooks end in a slash. */
export function redirectsTo(pages: readonly Page[]): ReadonlyMap<string, string> {
  const runbooks = pages.filter(isRunbook).map(({ path }) => [path.replace(/\.md$/, ''), path] as const);
  return new Map([...Object.entries(formerAddresses), ...runbooks]);
}

/** Works on any host of static files, and below any path. */
export function redirectPage(from: string, to: string): string {
  const target = posix.relative(from, to.replace(/\.md$/, '.html'));
  return `<!doctype html>
<meta charset="utf-8">
<title>Moved</title>
<link rel="canonical" href="${target}">
<meta http-equiv="refresh" content="0; url=${target}">
<a href="${target}">It is here.</a>
`;
}
