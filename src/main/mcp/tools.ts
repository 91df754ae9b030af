import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { StageSet } from '../../shared/api/types.ts';
import { isInScope, type WatchScope } from '../kube/watch-scope.ts';
import type { Bearer } from './callers.ts';
import { type Changes, notThere, notWatched } from './changes.ts';
import { detailOf } from './describe.ts';
import { listPage } from './list.ts';
import { Refused } from './refused.ts';
import { detail, listed, listQuery, requested, suspension, type Target, target } from './schemas.ts';

/** What is known of the cluster: the watches' own store, so that reading costs the API server nothing. */
export interface Known {
  readonly all: () => Iterable<StageSet>;
  readonly get: (target: Target) => StageSet | undefined;
  readonly isSynced: () => boolean;
  readonly scope: WatchScope;
  readonly runbookBaseUrl: string;
}

export function addReadingTools(server: McpServer, known: Known): void {
  const { scope, runbookBaseUrl } = known;
  const annotations = { readOnlyHint: true, openWorldHint: false };
  server.registerTool(
    'list_stagesets',
    {
      title: 'List StageSets',
      description:
        'StageSets and how they are, a page at a time. Filter by namespace, readiness, reason or suspension.',
      inputSchema: listQuery,
      outputSchema: listed,
      annotations,
    },
    (query) => {
      requireKnown(known, query.namespace);
      return answer(listPage(known.all(), query, runbookBaseUrl));
    },
  );
  server.registerTool(
    'get_stageset',
    {
      title: 'Get a StageSet',
      description:
        'All about one StageSet: Ready, why and what to read about it, version, revisions, stages, migrations, what waits, and the last outcomes.',
      inputSchema: target,
      outputSchema: detail,
      annotations,
    },
    (wanted) => {
      requireKnown(known, wanted.namespace);
      const set = known.get(wanted);
      if (set === undefined) throw notThere(wanted);
      return answer(detailOf(set, runbookBaseUrl));
    },
  );

  function requireKnown({ isSynced }: Known, namespace: string | undefined): void {
    if (namespace !== undefined && !isInScope(scope, namespace)) throw notWatched(namespace);
    if (!isSynced()) throw new Refused('the controller does not know the cluster yet: try again in a moment');
  }
}

export function addChangingTools(server: McpServer, changes: Changes, bearer: Bearer | undefined): void {
  const annotations = { readOnlyHint: false, destructiveHint: false, openWorldHint: false };
  server.registerTool(
    'reconcile_stageset',
    {
      title: 'Reconcile a StageSet',
      description: 'Asks for a run now. Refused while the StageSet is suspended.',
      inputSchema: target,
      outputSchema: requested,
      annotations: { ...annotations, idempotentHint: false },
    },
    async ({ namespace, name }) => {
      const token = await changes.requestReconcile({ namespace, name }, bearer);
      return answer({ namespace, name, token }, `Reconcile requested for StageSet ${name} (token ${token})`);
    },
  );
  server.registerTool(
    'suspend_stageset',
    {
      title: 'Suspend a StageSet',
      description: 'Stops all runs of a StageSet until it is resumed. What it has applied stays as it is.',
      inputSchema: target,
      outputSchema: suspension,
      annotations: { ...annotations, idempotentHint: true },
    },
    async ({ namespace, name }) => {
      await changes.setSuspended({ namespace, name }, true, bearer);
      return answer({ namespace, name, suspended: true }, `StageSet ${name} is suspended`);
    },
  );
  server.registerTool(
    'resume_stageset',
    {
      title: 'Resume a StageSet',
      description: 'Lets a suspended StageSet run again, at once.',
      inputSchema: target,
      outputSchema: suspension,
      annotations: { ...annotations, idempotentHint: true },
    },
    async ({ namespace, name }) => {
      await changes.setSuspended({ namespace, name }, false, bearer);
      return answer({ namespace, name, suspended: false }, `StageSet ${name} is resumed`);
    },
  );
}

/** As text too, for clients that know of no structured content. */
function answer<T extends Readonly<Record<string, unknown>>>(
  structuredContent: T,
  text = JSON.stringify(structuredContent),
) {
  return { content: [{ type: 'text' as const, text }], structuredContent };
}
