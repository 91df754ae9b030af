/**
 * How urgent, best first: a person or a new revision asked; an event woke it; it failed and is tried again;
 * the periodic look, and the first one after a start.
 */
export const lanes = ['asked', 'woken', 'retry', 'resync'] as const;

export type Lane = (typeof lanes)[number];

export function isBetter(lane: Lane, than: Lane): boolean {
  return lanes.indexOf(lane) < lanes.indexOf(than);
}
