import { basename, dirname } from 'node:path';
import type { Page } from './pages.ts';

export interface Group {
  readonly title: string;
  /** Paths from `docs/`, in the order in which they should be read. */
  readonly pages: readonly string[];
}

const groups: readonly Group[] = [
  { title: 'Start', pages: ['quickstart.md', 'concepts.md', 'install.md', 'demo.md'] },
  {
    title: 'Describe a release',
    pages: [
      'stages-and-sources.md',
      'ready-checks.md',
      'actions.md',
      'update-windows.md',
      'versions-and-migrations.md',
      'rollback.md',
      'conflict-policies.md',
      'encryption.md',
      'drift-and-pruning.md',
      'tenancy.md',
    ],
  },
  {
    title: 'Tutorials',
    pages: [
      'tutorials/sources.md',
      'tutorials/parameters.md',
      'tutorials/jaas.md',
      'tutorials/flagger.md',
      'tutorials/argo-rollouts.md',
    ],
  },
  { title: 'Command line', pages: ['stagesetctl.md', 'import.md'] },
  {
    title: 'Run it',
    pages: [
      'operations.md',
      'tuning.md',
      'security.md',
      'webhook.md',
      'gate.md',
      'notifications.md',
      'logs.md',
      'mcp.md',
    ],
  },
  {
    title: 'Reference',
    pages: ['reference/api.md', 'flags.md', 'reference/values.md', 'metrics.md', 'reference/reasons.md'],
  },
  { title: 'Runbooks', pages: ['runbooks/index.md'] },
  {
    title: 'Come from elsewhere',
    pages: [
      'comparison.md',
      'import.md',
      'migrate/flux-kustomization.md',
      'migrate/argo-cd.md',
      'migrate/helm-hooks.md',
      'migrate/go-implementation.md',
    ],
  },
  { title: 'Inside', pages: ['architecture.md', 'yaml.md', 'contributing.md'] },
];

/** The side bar: what is listed above and there, the other runbooks by name, and at the end what nobody has listed yet. */
export function navigationOf(
  pages: readonly Page[],
): readonly { readonly title: string; readonly pages: readonly Page[] }[] {
  const byPath = new Map(pages.map((page) => [page.path, page]));
  const runbooks = pages.filter(isRunbook).map(({ path }) => path);
  const listed = groups.map(({ title, pages: paths }) => ({
    title,
    pages: [...paths, ...(title === 'Runbooks' ? runbooks : [])].flatMap((path) => byPath.get(path) ?? []),
  }));
  const seen = new Set(listed.flatMap((group) => group.pages));
  const others = pages.filter((page) => !seen.has(page) && page.path !== 'index.md');
  return [...listed, { title: 'More', pages: others }].filter((group) => group.pages.length > 0);
}

export function isRunbook({ path }: Pick<Page, 'path'>): boolean {
  return dirname(path) === 'runbooks' && basename(path) !== 'index.md';
}
