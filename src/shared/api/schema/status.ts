import { bool, dictionary, integer, list, oneOf, optional, struct, text } from './language.ts';
import { durationOrZero, phrase, time } from './names.ts';

const count = (description: string) => integer(description, { minimum: 0 });
const names = (description: string) => list(description, text('A name.'));
const revisions = (description: string) =>
  dictionary(
    `${description} By <namespace>/<source name>, with <kind>/ in front where two kinds share one.`,
    text('A revision.'),
  );

const condition = struct('One aspect of the current state.', {
  type: text('Ready, Reconciling or Stalled.', {
    pattern:
      '^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$',
    maxLength: 316,
  }),
  status: oneOf('True, False or Unknown.', ['True', 'False', 'Unknown']),
  observedGeneration: optional(
    integer('The metadata.generation that the condition was set for.', { format: 'int64', minimum: 0 }),
  ),
  lastTransitionTime: time('When status last changed.'),
  reason: text('Why, in one word; each has a runbook.', {
    pattern: '^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$',
    minLength: 1,
    maxLength: 1024,
  }),
  message: text('What happened, for people.', { maxLength: 32_768 }),
});

const stageStatus = struct('State of one stage.', {
  name: phrase('Name of the stage.'),
  phase: optional(
    oneOf('What the stage is doing.', ['Pending', 'Applying', 'Pruning', 'Verifying', 'Ready', 'Failed']),
  ),
  appliedRevision: optional(text('Revision applied last.')),
  entriesCount: optional(count('How many objects the stage’s inventory holds.')),
  shards: optional(count('How many StageInventory objects the inventory is spread over.')),
  message: optional(text('What the stage waits for, or why it failed.')),
  executedActions: optional(
    names('Actions done under ledgerRevision and ledgerToken, by name, or <hook>/<name> where two hooks share one.'),
  ),
  ledgerRevision: optional(text('Revision that executedActions is for.')),
  ledgerToken: optional(text('Token of the reconcile-stage request that executedActions is for.')),
  ledgerRound: optional(
    struct('How often one revision was applied over another; a revision that comes back runs its actions again.', {
      number: count('Counts them.'),
      revision: text('The one applied last.'),
    }),
  ),
  lastHandledReconcileAt: optional(text('Token of the last reconcile-stage request that succeeded.')),
});

const snapshot = struct('Where a stage’s last good artifact came from, for rollback.', {
  stage: phrase('Name of the stage.'),
  url: optional(text('Where the artifact was fetched.')),
  digest: optional(text('Digest of the artifact.')),
  revision: optional(text('Revision of the artifact.')),
  substitutionDigest: optional(
    text('Over inline substitution values and the UID and resourceVersion of each ConfigMap and Secret read.'),
  ),
  renderDigest: optional(text('Over what went into the build and the rendered objects that are not sensitive.')),
});

const pendingUpdate = struct('What an update window holds back; absent when nothing waits.', {
  revisions: optional(revisions('Revisions that wait.')),
  nextWindowOpens: optional(time('When they may roll out.')),
});

const outcome = struct('How one run ended.', {
  rollout: optional(text('Identity of the rollout: its revisions and generation, hashed.')),
  generation: optional(integer('The metadata.generation that the run was for.', { format: 'int64', minimum: 0 })),
  reason: phrase('Reason of the Ready condition at its end.'),
  message: optional(text('Message of the Ready condition at its end.')),
  revisions: optional(revisions('Revisions that the run was for.')),
  rolledBack: optional(bool('Whether what was applied before was put back.')),
  startedAt: time('When it began.'),
  duration: durationOrZero('How long it took, waits included.'),
});

export const stageSetStatus = struct('What the controller last saw and did. Written by the controller only.', {
  observedGeneration: optional(
    integer('The metadata.generation of the last finished run.', { format: 'int64', minimum: 0 }),
  ),
  conditions: optional(list('Ready, and Reconciling and Stalled while they hold.', condition, { namedBy: 'type' })),
  lastHandledReconcileAt: optional(text('Token of the last requestedAt annotation whose run has ended.')),
  lastAttemptedRevisions: optional(revisions('Revisions of the last run.')),
  lastAppliedRevisions: optional(revisions('Revisions of the last successful run.')),
  version: optional(text('Version deployed by the last successful run.')),
  pendingMigrations: optional(names('Migrations of the rollout under way that are not done.')),
  executedMigrations: optional(names('Migrations of the rollout under way that are done.')),
  executedMigrationActions: optional(
    names('Actions done by migrations of the rollout under way, as <migration>/<action>.'),
  ),
  inventoryMode: optional(oneOf('How applied objects are recorded.', ['entries', 'hybrid', 'applyset'])),
  stages: optional(list('State of each stage.', stageStatus, { namedBy: 'name' })),
  lastAppliedSnapshot: optional(list('What rollback restores.', snapshot, { namedBy: 'stage' })),
  pendingUpdate: optional(pendingUpdate),
  lastHandledUpdateOverride: optional(text('Token of the last update-now annotation that was honoured.')),
  history: optional(list('The last five outcomes, newest first. One that repeats the newest is not added.', outcome)),
});
