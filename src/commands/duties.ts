// What has to happen by itself when its time has come. Each looks at an incident as it is and asks for records, or for nothing:
// the record is what keeps it from happening twice, on one server or on many, before and after a restart.
import { live } from '../chat/outbox.ts';
import type { Dossier } from '../incident/dossier.ts';
import { briefingDueAt, cadenceMinutes, draftBriefing } from '../notice/briefing.ts';
import { briefingDuty } from '../notice/decide-briefing.ts';
import { actions, button, notice, view } from '../view/build.ts';
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
            body: { dueAt: duty.dueAt, draft: draftBriefing(dossier, org, nowAt) },
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

/** Every duty there is. */
export const duties: readonly Duty[] = [briefing];
