import type { KubeObject } from '../../../src/shared/objects/object.ts';

// The words that the cases are written in.

export interface KstatusCase {
  readonly name: string;
  readonly object: KubeObject;
}

export interface Parts {
  readonly metadata?: Record<string, unknown>;
  readonly spec?: Record<string, unknown>;
  readonly status?: unknown;
}

export type KindCases = Readonly<Record<string, Parts>>;

export const ready = (status: unknown, message = 'so it says') => ({
  type: 'Ready',
  status,
  reason: 'Because',
  message,
});
export const isTrue = (type: string, reason = 'Because', message = `${type} it is`) => {
  return { type, status: 'True', reason, message };
};
export const isFalse = (type: string, reason = 'Because', message = `not ${type}`) => {
  return { type, status: 'False', reason, message };
};
export const conditions = (...list: unknown[]) => ({ status: { conditions: list } });
export const observed = (generation: unknown, observedGeneration: unknown): Parts => ({
  metadata: { generation },
  status: { observedGeneration },
});
