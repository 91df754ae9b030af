import type { Input } from '../input.ts';
import type { Remedy } from '../note.ts';

export interface SyncOptions {
  /** Nothing is ever pruned. */
  readonly keepsAll: boolean;
  /** What cannot be changed is replaced. */
  readonly recreates: boolean;
}

/** What the controller does anyway: nothing is lost with these. */
export const soAnyway: ReadonlySet<string> = new Set([
  'Prune=true',
  'Delete=true',
  'Validate=true',
  'ServerSideApply=true',
  'SkipDryRunOnMissingResource=true', // a kind that comes in the same stage is tried again when it is there
  'ApplyOutOfSyncOnly=true',
  'PruneLast=true',
  'PrunePropagationPolicy=background',
  'RespectIgnoreDifferences=true', // what is ignored is not rendered
  'CreateNamespace=false',
  'Replace=false',
  'Force=false',
  'FailOnSharedResource=false',
  'ClientSideApplyMigration=true',
]);

const remedies: Readonly<Record<string, Remedy>> = {
  CreateNamespace: ['no namespace is made on the way', 'put a Namespace among the manifests, or make it beforehand'],
  Replace: [
    'objects are applied server-side, however large they are, and never replaced as a whole',
    'where a field cannot be changed set force on the stage, or a rule of conflictPolicy with Recreate',
  ],
  Validate: [
    'every change is shown to the API server before the first is made',
    'mend the manifests that it refuses: stagesetctl diff shows them',
  ],
  ServerSideApply: ['everything is applied server-side', 'nothing is to be done'],
  PrunePropagationPolicy: ['objects are deleted in the background', 'let a delete action remove what must go first'],
  FailOnSharedResource: [
    "another StageSet's object is taken over, with the event OwnerChanged",
    'watch for that event; two stages of one StageSet that render the same object do fail',
  ],
  Delete: [
    'objects go with the StageSet when they are pruned at all',
    'annotate those that are to stay stages.metio.wtf/prune: disabled',
  ],
  Prune: ['nobody is asked before a prune', 'annotate what is to stay stages.metio.wtf/prune: disabled'],
  PruneLast: ['leftovers are pruned once every stage is up', 'nothing is to be done'],
  ClientSideApplyMigration: ['fields that Argo CD has set are always taken over', 'nothing is to be done'],
};

export function remedyFor(option: string): Remedy {
  const [name = ''] = option.split('=');
  return (
    remedies[name] ?? ['this version of stagesetctl does not know it', 'see what it means and whether you need it']
  );
}

export function syncOptionsOf(policy: Input | undefined): SyncOptions {
  const options = policy?.texts('syncOptions') ?? [];
  for (const [index, option] of options.entries()) {
    if (soAnyway.has(option) || carried.has(option)) continue;
    const [why, instead] = remedyFor(option);
    policy?.note(`syncOptions[${index}]`, [`${option}: ${why}`, instead]);
  }
  return { keepsAll: options.includes('Prune=false'), recreates: options.includes('Force=true') };
}

const carried: ReadonlySet<string> = new Set(['Prune=false', 'Force=true']);
