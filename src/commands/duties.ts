// What has to happen by itself when its time has come. Each looks at an incident as it is and asks for records, or for nothing:
// the record is what keeps it from happening twice, on one server or on many, before and after a restart.
import { fixed, live } from '../chat/outbox.ts';
import type { Dossier } from '../incident/dossier.ts';
import { briefingDueAt, cadenceMinutes, draftBriefing } from '../notice/briefing.ts';
import { clockRemindersDue } from '../notice/clock-slice.ts';
import { type ClockReminder, clockLines } from '../notice/clocks/board.ts';
import { briefingDuty } from '../notice/decide-briefing.ts';
import { mergeTimeline } from '../timeline/merge.ts';
import { actions, button, notice, strong, time, view } from '../view/build.ts';
import { nudging } from './nudge-duties.ts';
import { planting } from './planting.ts';
import type { Message, Resolution, Services } from './types.ts';

export interface Duty {
  readonly name: string;
  /** What is due now, or null. Pure but for the organisation's file; asked again inside the commit. */
  readonly due: (dossier: Dossier, nowAt: string, services: Services) => Resolution | null;
}

const briefingMessage = (dossier: Dossier): readonly Message[] => {
  const { key, conversation } = dossier.incident;
  return conversation
    ? [
        {
          key: `briefing/${key}/${dossier.version}`,
          message: {
            op: 'put',
            // A new reminder is a new message: an edit of an old one far above would not be seen.
            name: `briefing/${key}/${dossier.notice.reminder.given + 1}`,
            to: conversation,
            content: live('briefing', key),
          },
        },
      ]
    : [];
};

const briefing: Duty = {
  name: 'briefing',
  due(dossier, nowAt, services) {
    const org = services.organisation.organisation;
    const duty = briefingDuty(dossier.notice, briefingDueAt(dossier, org), cadenceMinutes(dossier, org), nowAt);
    if (!duty) return null;
    const { key } = dossier.incident;
    if (duty.kind === 'remind') {
      return {
        records: [
          {
            type: 'briefing.due',
            // The words of log lines lie in blobs, which a duty does not read; whoever opens the form sees them added.
            body: {
              dueAt: duty.dueAt,
              draft: draftBriefing(
                dossier,
                org,
                nowAt,
                mergeTimeline(dossier.timeline, () => null),
              ),
            },
            subject: key,
          },
        ],
        say: briefingMessage(dossier),
      };
    }
    const to = dossier.incident.roles[duty.to]?.[0];
    const ask = view(
      `The briefing of ${key} is overdue`,
      [
        notice(
          'warning',
          `The briefing of ${key} is overdue and nobody has posted it. The draft is ready: it takes a minute to read and post.`,
        ),
        actions(button('Read and post', 'notice brief', { incident: key }, { style: 'primary' })),
      ],
      'warning',
    );
    return {
      // Recorded also when nobody holds the role, so that it goes on to the next.
      records: [{ type: 'briefing.escalated', body: { to: duty.to }, subject: key }],
      say: to
        ? [
            {
              key: `briefing-escalated/${key}/${dossier.version}`,
              message: { op: 'tell', to, content: { kind: 'view', view: ask } },
            },
          ]
        : [],
    };
  },
};

const SHARE: Readonly<Record<ClockReminder['kind'], string>> = {
  half: 'half of its time is gone',
  'three-quarters': 'three quarters of its time are gone',
  'nine-tenths': 'nine tenths of its time are gone',
  due: 'it is due now',
};

const clock: Duty = {
  name: 'clock',
  due(dossier, nowAt) {
    const { key, phase, conversation, roles } = dossier.incident;
    if (phase === 'closed') return null;
    const due = clockRemindersDue(dossier.clock, Date.parse(nowAt));
    if (due.length === 0) return null;
    const lines = clockLines(dossier.clock.state, Date.parse(nowAt));
    const said = due.flatMap(({ reminder }): Message[] => {
      const line = lines.find((l) => l.rule.id === reminder.rule);
      if (!line || line.dueAt === null) return [];
      const isLate = reminder.kind === 'due' || reminder.kind === 'nine-tenths';
      const dueAt = new Date(line.dueAt).toISOString();
      const shown = view(
        `Clock of ${key}: ${line.regime.name}, ${line.rule.to}: ${SHARE[reminder.kind]}`,
        [
          notice(
            isLate ? 'danger' : 'warning',
            strong(`${line.regime.name}, ${line.rule.to}: ${SHARE[reminder.kind]}. `),
            `${line.rule.what}. Due `,
            time(dueAt),
            '.',
          ),
          actions(
            button('Record the submission', 'notice clock-submit', { incident: key, rule: line.rule.id }),
            button('Clock board', 'notice clock', { incident: key }),
          ),
        ],
        isLate ? 'danger' : 'warning',
      );
      const to = isLate ? [...(roles.commander ?? []), ...(roles.deputy ?? [])] : [];
      return [
        ...(conversation
          ? [
              {
                key: `clock/${key}/${reminder.id}`,
                message: { op: 'post', to: conversation, content: fixed(shown) },
              } as const,
            ]
          : []),
        ...to.map(
          (person): Message => ({
            key: `clock/${key}/${reminder.id}/${person.platform}/${person.tenant}/${person.id}`,
            message: { op: 'tell', to: person, content: fixed(shown) },
          }),
        ),
      ];
    });
    return {
      records: due.map(({ reminder, passed }) => ({
        type: 'clock.reminded',
        body: { rule: reminder.rule, kind: reminder.kind, passed },
        subject: key,
      })),
      say: said,
    };
  },
};

/** Every duty there is. */
export const duties: readonly Duty[] = [briefing, clock, nudging, planting];
