import { windowScopeOf } from '../../shared/api/defaults.ts';
import type { StageSet } from '../../shared/api/types.ts';
import { keys } from '../../shared/labels.ts';
import { decideWindows } from '../../shared/windows/decision.ts';
import type { Hold } from '../outcome/hold.ts';
import { type Pin, revisionsOf, samePin } from '../source/pin.ts';
import { opening } from '../status/held.ts';
import { type AppliedArtifacts, releasedOf } from './released.ts';
import { rolloutIdOf } from './rollout-id.ts';

/** A rollout that a person has let through, as long as this process remembers: what comes after it is held again. */
export interface Granted {
  readonly override: string;
  readonly pins: readonly Pin[];
}

export interface WindowFacts {
  readonly set: StageSet;
  /** What the sources hold, stage by stage. */
  readonly newest: readonly Pin[];
  readonly nowMs: number;
  readonly applied: AppliedArtifacts;
  readonly granted: Granted | undefined;
}

/** What a run may roll out. */
export interface Admission {
  /** Of a stage that nothing was ever let out for there is none. */
  readonly pins: readonly Pin[];
  /** Stages whose revision is out, and cannot be had any more; and that revision. */
  readonly lost: ReadonlyMap<string, string>;
  readonly hold: Hold | undefined;
  /** When closed windows open, whether they hold anything yet or not. */
  readonly opensAtMs: number | undefined;
  /** Nothing is applied at all. */
  readonly frozen: boolean;
  /** The update-now token that was there. It is spent, used or not: it shall not let through what comes next week. */
  readonly override: string | undefined;
  /** What the override lets through. */
  readonly granted: Granted | undefined;
  readonly rolloutId: string;
}

/** Deny, Allow and `update-now` together. Only revisions are held back, each stage at its own, but for `windowScope: All`. */
export function throughWindows(facts: WindowFacts): Admission {
  const { set, newest, nowMs } = facts;
  const { is, flipsAtMs } = decideWindows(set.spec.updateWindows ?? [], nowMs);
  const spent = set.status?.lastHandledUpdateOverride;
  const override = set.metadata.annotations?.[keys.updateNow] || spent;
  const passing = {
    lost: new Map<string, string>(),
    hold: undefined,
    opensAtMs: is === 'closed' ? flipsAtMs : undefined,
    frozen: false,
    override,
  };
  const generation = set.metadata.generation ?? 0;
  const idOf = (pins: readonly Pin[], by?: string) =>
    rolloutIdOf({ revisions: revisionsOf(pins), generation, override: by });
  if (is === 'open') return { ...passing, pins: newest, granted: undefined, rolloutId: idOf(newest) };

  const granted = grantedNow(facts, override);
  if (granted !== undefined) {
    const held = newest.filter((pin, i) => !samePin(pin, granted.pins[i]));
    const hold = held.length === 0 ? undefined : holdOf(held, flipsAtMs);
    return { ...passing, pins: granted.pins, hold, granted, rolloutId: idOf(granted.pins, override) };
  }

  const released = newest.map((pin) => releasedOf(pin, newest, set, facts.applied));
  const pins = released.flatMap((each) => (each.is === 'pin' ? [each.pin] : []));
  const lost = new Map(
    released.flatMap((each, i) => (each.is === 'lost' ? [[newest[i]?.stage ?? '', each.revision] as const] : [])),
  );
  const held = newest.filter((pin, i) => {
    const before = released[i];
    return before?.is !== 'pin' || !samePin(pin, before.pin);
  });
  const frozen = windowScopeOf(set.spec) === 'All';
  const hold = frozen ? freezeOf(held, flipsAtMs) : held.length === 0 ? undefined : holdOf(held, flipsAtMs);
  return { ...passing, pins, lost, hold, frozen, granted: undefined, rolloutId: idOf(pins) };
}

/** A token that is new grants what is there; one that is spent, what its rollout has not finished yet. */
function grantedNow({ set, newest, granted }: WindowFacts, override: string | undefined): Granted | undefined {
  if (override === undefined) return undefined;
  // Of the same stages: their sources' newest may have moved on meanwhile.
  const isOfThese = granted?.pins.length === newest.length && newest.every((pin, i) => isFor(granted.pins[i], pin));
  if (granted?.override === override && isOfThese) return granted;
  const grant = { override, pins: newest };
  if (override !== set.status?.lastHandledUpdateOverride) return grant;
  const last = set.status.history?.[0];
  if (last?.rollout === undefined || last.reason === 'Succeeded') return undefined;
  const { generation = 0 } = last; // an edit of the spec meanwhile changes nothing about which revisions were let through
  return last.rollout === rolloutIdOf({ revisions: revisionsOf(newest), generation, override }) ? grant : undefined;
}

function isFor(granted: Pin | undefined, { stage, ref }: Pin): boolean {
  return granted?.stage === stage && granted.ref.name === ref.name && granted.ref.namespace === ref.namespace;
}

function holdOf(held: readonly Pin[], untilMs: number | undefined): Hold {
  const revisions = revisionsOf(held);
  const what = Object.entries(revisions).map(([source, revision]) => `${source} ${revision}`);
  const message = `update windows hold back ${what.join(', ')} ${until(untilMs)}`;
  return { gate: 'updateWindows', reason: 'UpdateDeferred', revisions, untilMs, message };
}

function freezeOf(held: readonly Pin[], untilMs: number | undefined): Hold {
  if (held.length > 0) {
    const hold = holdOf(held, untilMs);
    return { ...hold, message: `${hold.message}; nothing is applied meanwhile` };
  }
  const message = `update windows are closed ${until(untilMs)}; nothing is applied meanwhile`;
  return { gate: 'updateWindows', reason: 'UpdateDeferred', revisions: {}, untilMs, message };
}

function until(untilMs: number | undefined): string {
  return untilMs === undefined ? 'and do not open in the foreseeable future' : `until ${opening(untilMs)}`;
}
