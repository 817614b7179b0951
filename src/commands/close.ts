// Closing an incident, what stands in its way, and opening it again.
import { stateWords } from '../containment/view.ts';
import type { Blocker } from '../incident/decide.ts';
import { decideIncident } from '../incident/decide.ts';
import type { Dossier } from '../incident/dossier.ts';
import { KEY_TIMES, type KeyTime } from '../incident/types.ts';
import { readPast } from '../incident/when.ts';
import { openClocks } from '../notice/clocks/board.ts';
import { outstandingSteps } from '../playbook/steps.ts';
import { isRefusal } from '../refusal.ts';
import { actions, button, list, notice, text, time, view } from '../view/build.ts';
import { clip } from '../view/escape.ts';
import { scoredAtClose, scoring } from './score.ts';
import { type Answer, type Call, type Command, one } from './types.ts';

/** What each noun says still keeps an incident open. */
export const closeBlockers: readonly ((dossier: Dossier) => readonly Blocker[])[] = [
  ({ incident }) =>
    incident.kind === 'exercise'
      ? []
      : (['detectedAt', 'containedAt', 'recoveredAt'] as const)
          .filter((which) => !incident.times[which])
          .map((which) => ({
            key: `time:${which}`,
            what: `the time of ${which.replace('At', '')} is missing ("status time ${which.replace('At', '')} <when>")`,
            waivedBy: 'commander or deputy',
          })),
  ({ playbook }) =>
    playbook.runs.flatMap((run) =>
      outstandingSteps(run, 0).map((line) => ({
        key: `step:${run.key}/${line.step.id}`,
        what: `${run.key} "${line.step.title}" is not settled`,
        waivedBy: 'commander or deputy',
      })),
    ),
  ({ containment }) =>
    containment.all
      .filter((c) => ['pending', 'granted', 'executing', 'unknown'].includes(c.state))
      .map((c) => ({
        key: `containment:${c.key}`,
        what: `${c.key} is ${stateWords[c.state]}`,
        waivedBy: 'commander or deputy; closing makes open requests void',
      })),
  ({ containment }) =>
    containment.all
      .filter((c) => c.grant?.brokenGlass && !c.review)
      .map((c) => ({
        key: `review:${c.key}`,
        what: `the use of break-glass for ${c.key} has not been reviewed`,
        waivedBy: 'commander or deputy',
      })),
  // Any moment does: which clocks are still open does not depend on it, only whether they are late.
  ({ clock }) =>
    openClocks(clock.state, 0).map((l) => ({
      key: `clock:${l.rule.id}`,
      what: `the clock ${l.regime.name}, ${l.rule.to} is open: record the submission, or mark that it does not apply ("notice clock")`,
      waivedBy: 'commander, deputy or counsel',
    })),
  ({ notice }) =>
    notice.notices
      .filter((n) => n.state === 'reviewed')
      .map((n) => ({
        key: `notice:${n.key}`,
        what: `${n.key} was reviewed and never sent ("notice send ${n.key}", or edit it back into a draft)`,
        waivedBy: 'commander or deputy',
      })),
];

export const blockersOf = (dossier: Dossier): readonly Blocker[] => closeBlockers.flatMap((find) => find(dossier));

const MOST_STEPS = 3;

/** Blockers as lines; of a run with many open steps the first few, and how to end it as a whole. */
function grouped(left: readonly Blocker[]): readonly string[] {
  const runOf = (b: Blocker): string | null => (b.key.startsWith('step:') ? b.key.slice(5, b.key.indexOf('/')) : null);
  const seen = new Map<string, number>();
  for (const b of left) {
    const run = runOf(b);
    if (run !== null) seen.set(run, (seen.get(run) ?? 0) + 1);
  }
  const shown = new Map<string, number>();
  return left.flatMap((b) => {
    const run = runOf(b);
    const line = `${b.what}. May be waived by ${b.waivedBy}.`;
    if (run === null || (seen.get(run) ?? 0) <= MOST_STEPS) return [line];
    const nth = (shown.get(run) ?? 0) + 1;
    shown.set(run, nth);
    if (nth < MOST_STEPS) return [line];
    const more = (seen.get(run) ?? 0) - nth + 1;
    return nth === MOST_STEPS
      ? [`${run} has ${more} more steps that are not settled ("step all"). "step stop ${run}" ends it with a reason.`]
      : [];
  });
}

const key = (call: Call): string => call.dossier?.incident.key ?? '';

async function close(call: Call): Promise<Answer> {
  const { dossier } = call;
  if (!dossier) return { kind: 'none' };
  const waived = new Set(dossier.incident.waivers.map((w) => w.blocker));
  const left = blockersOf(dossier).filter((b) => !waived.has(b.key));
  if (left.length > 0) {
    return {
      kind: 'private',
      view: view(
        `${key(call)} cannot close yet`,
        [
          notice('warning', `${left.length} things keep ${key(call)} open`),
          list(grouped(left)),
          actions(
            ...left
              .slice(0, 4)
              .map((b) =>
                button(clip(`Waive: ${b.what}`, 75), 'status waive', { incident: key(call), blocker: b.key }),
              ),
          ),
        ],
        'warning',
      ),
    };
  }
  const outcome = one(call.args, 'outcome');
  if (outcome === '') {
    return {
      kind: 'form',
      form: {
        title: `Close ${key(call)}`,
        submitLabel: 'Close',
        intent: { verb: 'status close', args: { incident: key(call) } },
        intro: [text('Closing supersedes pending requests, stops reminders and signs the ledger. It can be reopened.')],
        fields: [{ kind: 'paragraph', name: 'outcome', label: 'How it ended', isRequired: true, maxLength: 1000 }],
      },
    };
  }
  const done = await call.services.act(key(call), call.recordActor, (now) => {
    const records = decideIncident({ do: 'close', outcome, blockers: blockersOf(now) }, now.incident);
    if (isRefusal(records)) return records;
    const scored = scoredAtClose(now, call.nowAt);
    return { records: [...records, ...scored.records], say: scored.say };
  });
  return isRefusal(done)
    ? done
    : {
        kind: 'private',
        view: view(
          `${key(call)} is closed.`,
          [notice('good', `${key(call)} is closed.`), actions(button('Review', 'review', { incident: key(call) }))],
          'good',
        ),
      };
}

export const closeCommands: readonly Command[] = [
  scoring,
  {
    name: 'status close',
    summary: 'Close the incident: blockers first',
    args: [{ name: 'outcome', summary: 'How it ended', isRequired: false, isRest: true }],
    examples: ['status close'],
    effect: 'record',
    who: 'command',
    needsIncident: true,
    run: close,
  },
  {
    name: 'status waive',
    summary: 'Waive one thing that keeps the incident open',
    args: [],
    examples: [],
    effect: 'record',
    who: 'command',
    needsIncident: true,
    isHidden: true,
    async run(call) {
      const blocker = one(call.args, 'blocker');
      const reason = one(call.args, 'reason');
      if (reason === '')
        return {
          kind: 'form',
          form: {
            title: 'Waive',
            submitLabel: 'Waive',
            intent: { verb: 'status waive', args: { incident: key(call), blocker } },
            intro: [text(`Waiving "${blocker}" goes on record with your name.`)],
            fields: [{ kind: 'line', name: 'reason', label: 'Why', isRequired: true, maxLength: 300 }],
          },
        };
      const done = await call.services.act(key(call), call.recordActor, (now) => {
        const records = decideIncident({ do: 'waive', blocker, reason }, now.incident);
        return isRefusal(records) ? records : { records };
      });
      return isRefusal(done) ? done : close({ ...call, dossier: done.state, args: {} });
    },
  },
  {
    name: 'status reopen',
    summary: 'Open a closed incident again',
    args: [{ name: 'reason', summary: 'Why', isRequired: true, isRest: true }],
    examples: ['status reopen the account was used again'],
    effect: 'record',
    who: 'command',
    needsIncident: true,
    async run(call) {
      const done = await call.services.act(key(call), call.recordActor, (now) => {
        const records = decideIncident({ do: 'reopen', reason: one(call.args, 'reason') }, now.incident);
        return isRefusal(records) ? records : { records };
      });
      return isRefusal(done)
        ? done
        : {
            kind: 'private',
            view: view(`${key(call)} is open again, in review.`, [
              notice('info', `${key(call)} is open again, in review.`),
            ]),
          };
    },
  },
  {
    name: 'status time',
    summary: 'Set a key time: started, detected, contained, recovered',
    args: [
      {
        name: 'which',
        summary: 'started, detected, acknowledged, contained or recovered',
        isRequired: true,
        choices: KEY_TIMES.map((t) => t.replace('At', '')),
      },
      { name: 'when', summary: '2026-11-20T08:15Z, 14:05 or -15m', isRequired: true, isRest: true },
    ],
    examples: ['status time detected 08:15Z'],
    effect: 'record',
    who: 'command',
    needsIncident: true,
    async run(call) {
      const which = `${one(call.args, 'which')}At` as KeyTime;
      const zone = call.dossier?.incident.zone ?? call.services.organisation.organisation.zone;
      const when = readPast(one(call.args, 'when'), { nowAt: call.nowAt, zone });
      if (isRefusal(when)) return when;
      const done = await call.services.act(key(call), call.recordActor, (now) => {
        const records = decideIncident({ do: 'set-time', which, at: when.at }, now.incident);
        return isRefusal(records) ? records : { records };
      });
      return isRefusal(done)
        ? done
        : {
            kind: 'private',
            view: view(`${one(call.args, 'which')}: ${when.at}`, [
              text(`${one(call.args, 'which')} set to `, time(when.at, 'exact'), ` (${when.reading}).`),
            ]),
          };
    },
  },
];
