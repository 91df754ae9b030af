import type { Condition } from '../../shared/api/types.ts';

export type ConditionType = 'Ready' | 'Reconciling' | 'Stalled';

export interface WantedCondition {
  readonly type: ConditionType;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
  readonly observedGeneration: number;
}

/** Sets a condition; its transition time moves only when its status does. */
export function withCondition(
  conditions: readonly Condition[],
  wanted: WantedCondition,
  nowMs: number,
): readonly Condition[] {
  const before = conditions.find((condition) => condition.type === wanted.type);
  const lastTransitionTime = before?.status === wanted.status ? before.lastTransitionTime : timestamp(nowMs);
  return [...withoutCondition(conditions, wanted.type), { ...wanted, lastTransitionTime }].toSorted(byType);
}

export function withoutCondition(conditions: readonly Condition[], type: ConditionType): readonly Condition[] {
  return conditions.filter((condition) => condition.type !== type);
}

/** As metav1.Time writes it: seconds, UTC. */
export function timestamp(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

const order: readonly string[] = ['Ready', 'Reconciling', 'Stalled'] satisfies readonly ConditionType[];

function byType(a: Condition, b: Condition): number {
  return order.indexOf(a.type) - order.indexOf(b.type);
}
