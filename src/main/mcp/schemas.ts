import { z } from 'zod';
import { type Reason, reasons } from '../../shared/api/reasons.ts';

/** What the tools take and give. Whoever imports this has zod loaded. */

// Strict, for they become part of a path.
const namespace = z
  .string()
  .max(63)
  .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/, 'Lower-case letters, digits and - make up a namespace')
  .describe('Namespace of the StageSet.');
const name = z
  .string()
  .max(253)
  .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, 'Lower-case letters, digits, - and . make up a name')
  .describe('Name of the StageSet.');
const readiness = z.enum(['True', 'False', 'Unknown']);
const reasonNames = Object.keys(reasons) as [Reason, ...Reason[]];
const revisions = z.record(z.string(), z.string());

export const MOST_LISTED = 200;

/** Strict: an argument that is misspelt is an error, not silently ignored. */
export const target = z.strictObject({ namespace, name });

export const listQuery = z.strictObject({
  namespace: namespace.optional().describe('Only StageSets of this namespace.'),
  ready: readiness.optional().describe('Only those whose Ready condition has this status.'),
  reason: z.enum(reasonNames).optional().describe('Only those whose Ready condition has this reason.'),
  suspended: z.boolean().optional().describe('Only those that are, or are not, suspended.'),
  limit: z.int().min(1).max(MOST_LISTED).default(50).describe('How many to return at most.'),
  cursor: z.string().min(1).max(317).optional().describe('nextCursor of the previous page.'),
});

const state = {
  namespace: z.string(),
  name: z.string(),
  ready: readiness.describe('Status of the Ready condition.'),
  reason: z.string().describe('Reason of the Ready condition; empty before the first run has ended.'),
  message: z.string().describe('Message of the Ready condition.'),
  runbook: z.string().optional().describe('Where to read what the reason means and what to do.'),
  upToDate: z.boolean().describe('Whether the status is about the newest spec.'),
  suspended: z.boolean(),
  beingDeleted: z.boolean(),
  version: z.string().optional().describe('Version deployed by the last successful run.'),
};

const pendingUpdate = z
  .object({ revisions, nextWindowOpens: z.string().optional() })
  .describe('What an update window holds back; absent when nothing waits.');

export const summary = z.object({
  ...state,
  stages: z.int().describe('How many stages it has.'),
  stagesReady: z.int().describe('How many of them are Ready.'),
  updateHeld: z.boolean().describe('Whether an update window holds something back.'),
});

export const listed = z.object({
  items: z.array(summary).describe('Sorted by namespace and name.'),
  total: z.int().describe('How many match on all pages.'),
  nextCursor: z.string().optional().describe('Pass it as cursor for the next page; absent on the last one.'),
});

export const detail = z.object({
  ...state,
  since: z.string().optional().describe('When the status of Ready last changed.'),
  pendingMigrations: z.array(z.string()),
  executedMigrations: z.array(z.string()),
  lastAttemptedRevisions: revisions.describe('Revisions of the last run, by source.'),
  lastAppliedRevisions: revisions.describe('Revisions of the last successful run, by source.'),
  pendingUpdate: pendingUpdate.optional(),
  lastHandledReconcileAt: z.string().optional().describe('Token of the last reconcile request whose run has ended.'),
  dependsOn: z.array(z.string()).describe('StageSets that have to be ready first, as namespace/name.'),
  stages: z.array(
    z.object({
      name: z.string(),
      phase: z.string(),
      appliedRevision: z.string().optional(),
      entriesCount: z.int().optional().describe('How many objects it has put up.'),
      message: z.string().optional().describe('What it waits for, or why it failed.'),
      executedActions: z.array(z.string()),
    }),
  ),
  history: z
    .array(
      z.object({
        reason: z.string(),
        message: z.string().optional(),
        rolledBack: z.boolean(),
        startedAt: z.string(),
        duration: z.string(),
      }),
    )
    .describe('The last outcomes, newest first.'),
});

export const requested = z.object({
  namespace: z.string(),
  name: z.string(),
  token: z
    .string()
    .describe('get_stageset shows it as lastHandledReconcileAt once the run that it asks for has ended.'),
});

export const suspension = z.object({ namespace: z.string(), name: z.string(), suspended: z.boolean() });

export type Target = z.infer<typeof target>;
export type ListQuery = z.infer<typeof listQuery>;
export type Summary = z.infer<typeof summary>;
export type Listed = z.infer<typeof listed>;
export type Detail = z.infer<typeof detail>;
