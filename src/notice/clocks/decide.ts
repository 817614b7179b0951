import { refuse } from '../../refusal.ts';
import { isZone } from '../../timeline/stamp/zone.ts';
import { anchorsOf } from './board.ts';
import { deadlineOf } from './compute.ts';
import { ALL_REGIMES, regimeOfRule } from './regimes.ts';
import type { ClockCommand, ClockContext, ClockRecord, ClockRefusal, ClockState, Regime } from './types.ts';

const MAY_ACT = ['commander', 'deputy', 'legal'];
const LONGEST_TEXT = 2000;
/** Clocks of two machines may differ a little; a trigger beyond this is a mistake. */
const SKEW_MS = 5 * 60_000;

/** Decides one command about clocks: records, or a refusal that says what to do. Only a person starts, marks, corrects, submits or defers. */
export function decideClock(
  command: ClockCommand,
  state: ClockState,
  context: ClockContext,
): readonly ClockRecord[] | ClockRefusal {
  if (context.actor.kind !== 'human') {
    return refuse('not-human', 'Only a named person starts or changes a clock. Ask the commander or counsel.');
  }
  if (!context.roles.some((role) => MAY_ACT.includes(role))) {
    return refuse('not-allowed', 'Clocks are set by the commander, the deputy or counsel. Ask one of them.');
  }
  const stamp = { at: new Date(context.now).toISOString(), by: context.actor.key };
  const isByRule = command.kind === 'submit' || command.kind === 'defer';
  const regime = isByRule ? regimeOfRule(command.rule) : ALL_REGIMES.find((row) => row.id === command.regime);
  if (!regime) {
    const known = isByRule
      ? ALL_REGIMES.flatMap((row) => row.rules.map((rule) => rule.id))
      : ALL_REGIMES.map((row) => row.id);
    return refuse('no-such-clock', `There is no such clock. Known: ${known.join(', ')}.`);
  }
  // A clock that once ran can always be met, whatever the table says today.
  const off = isByRule ? null : whyOff(regime, context);
  if (off) return off;
  switch (command.kind) {
    case 'mark': {
      const reason = command.reason.trim();
      if (reason === '' || reason.length > LONGEST_TEXT) return reasonMissing();
      const before = state.marks[regime.id];
      if (before?.mark === command.mark && before.reason === reason)
        return refuse('unchanged', 'It is marked that way already.');
      return [{ type: 'clock.regime-marked', body: { ...stamp, regime: regime.id, mark: command.mark, reason } }];
    }
    case 'setTrigger': {
      const bad = badTime(command.at, command.zone, context.now);
      if (bad) return bad;
      if (!regime.anchors.some((anchor) => anchor.id === command.anchor)) {
        const known = regime.anchors.map((anchor) => anchor.id).join(', ');
        return refuse('no-such-clock', `${regime.name} has no trigger of that name. It has: ${known}.`);
      }
      const before = state.triggers[regime.id]?.[command.anchor]?.at(-1);
      const reason = command.reason.trim();
      if (before && before.at === command.at && before.zone === command.zone) {
        return refuse('unchanged', 'The trigger is set to that time already.');
      }
      if ((before && reason === '') || reason.length > LONGEST_TEXT) return reasonMissing();
      const type = before ? 'clock.trigger-corrected' : 'clock.started';
      const triggerAt = new Date(command.at).toISOString();
      return [
        { type, body: { ...stamp, regime: regime.id, anchor: command.anchor, triggerAt, zone: command.zone, reason } },
      ];
    }
    case 'submit': {
      const bad = badTime(command.at, command.zone, context.now);
      if (bad) return bad;
      const reference = command.reference.trim();
      if (reference === '' || reference.length > LONGEST_TEXT) {
        return refuse('reason-missing', 'Write the reference of the submission, or how it was made and to whom.');
      }
      const rule = regime.rules.find((one) => one.id === command.rule)!;
      if (deadlineOf(rule.computation, anchorsOf(state, regime)).kind === 'waiting') {
        return refuse(
          'not-started',
          `Set the trigger of ${regime.name} first, so that the record shows what the deadline was.`,
        );
      }
      const submittedAt = new Date(command.at).toISOString();
      return [
        { type: 'clock.submitted', body: { ...stamp, rule: command.rule, submittedAt, zone: command.zone, reference } },
      ];
    }
    case 'defer': {
      const rule = regime.rules.find((one) => one.id === command.rule)!;
      if (!rule.deferral) {
        return refuse(
          'cannot-defer',
          'Only a statute defers a clock, and this one has none. Submit what is known; add to it later.',
        );
      }
      const basis = command.basis.trim();
      if (basis === '' || basis.length > LONGEST_TEXT) return reasonMissing();
      const deadline = deadlineOf(rule.computation, anchorsOf(state, regime));
      if (deadline.kind === 'waiting') return refuse('not-started', 'The clock is not running: set its trigger first.');
      if (!Number.isFinite(command.until) || command.until <= context.now || Math.abs(command.until) > 8.64e15) {
        return refuse('bad-time', 'A deferral ends in the future. Write until when it was granted.');
      }
      return [
        {
          type: 'clock.deferred',
          body: { ...stamp, rule: rule.id, until: new Date(command.until).toISOString(), basis },
        },
      ];
    }
  }
}

function whyOff(regime: Regime, context: ClockContext): ClockRefusal | null {
  if (regime.status === 'ready' || context.enabled.has(regime.id)) return null;
  const why = regime.status === 'confirm' ? 'counsel has not confirmed it' : 'it is not in force';
  return refuse(
    'switched-off',
    `${regime.name} is switched off because ${why}. Counsel can switch it on in countersign.yml.`,
  );
}

function badTime(at: number, zone: string, now: number): ClockRefusal | null {
  if (!isZone(zone)) return refuse('bad-zone', 'That zone is not known. Write an IANA name such as Europe/Berlin.');
  if (!Number.isFinite(at) || at < Date.UTC(2000, 0))
    return refuse('bad-time', 'Write the time with its date and offset, such as 2026-11-20T14:05Z.');
  if (at > now + SKEW_MS) return refuse('in-the-future', 'That time is still to come. Write when it happened.');
  return null;
}

function reasonMissing(): ClockRefusal {
  return refuse('reason-missing', `Say in at most ${LONGEST_TEXT} characters why. Counsel and auditors will read it.`);
}
