// What notices look like on this organisation's desk: who reads them, what they say now, and how they go out.
import { fixed, live } from '../chat/outbox.ts';
import { placeOf } from '../chat/tokens.ts';
import type { Dossier } from '../incident/dossier.ts';
import { type Checked, checkNotice } from '../notice/check.ts';
import { differences } from '../notice/difference.ts';
import { recordedLines } from '../notice/facts.ts';
import { type Reached, reach } from '../notice/recipients.ts';
import { mailOf, type Rendering, renderNotice } from '../notice/render.ts';
import { channelOf, type Delivery, type Notice } from '../notice/types.ts';
import { noticeCard, noticeDesk } from '../notice/view.ts';
import { isRefusal } from '../refusal.ts';
import type { View } from '../view/types.ts';
import type { Message, Services } from './types.ts';

export const orgOf = (services: Services) => services.organisation.organisation;

/** A notice and whom it is for. */
export interface Named {
  readonly notice: Notice;
  readonly reached: Reached;
}

/** How a notice is written for its readers now. */
export const rendering = (reached: Reached, dossier: Dossier, services: Services): Rendering => ({
  audience: reached.audience,
  isExternal: reached.isExternal,
  findings: dossier.finding.findings,
  recorded: recordedLines(dossier, orgOf(services)),
  zone: dossier.incident.zone ?? orgOf(services).zone,
  organisation: orgOf(services).name,
  isExercise: dossier.incident.kind === 'exercise',
});

/** What speaks against releasing it now. */
export const checked = (notice: Notice, reached: Reached, dossier: Dossier, services: Services): Checked =>
  checkNotice(notice.body, reached.audience, dossier, {
    org: orgOf(services),
    nowAt: new Date(services.now()).toISOString(),
    width: reached.width,
    isExternal: reached.isExternal,
  });

/** The notice's card in the incident's channel, posted once and edited in place. */
export const card = (dossier: Dossier, key: string, what: string): readonly Message[] => {
  const { key: incident, conversation } = dossier.incident;
  return conversation
    ? [
        {
          key: `notice/${incident}/${key}/${what}/${dossier.version}`,
          message: {
            op: 'put',
            name: `notice/${incident}/${key}`,
            to: conversation,
            content: live('notice', incident, key),
          },
        },
      ]
    : [];
};

/** The messages that carry a view to where an audience is reached. */
export function deliver(
  key: string,
  shown: View,
  deliveries: readonly Delivery[],
  services: Services,
): readonly Message[] {
  return deliveries.flatMap((d): Message[] => {
    if (d.how === 'channel') {
      const to = channelOf(d.to);
      return to ? [{ key: `${key}/${d.to}`, message: { op: 'post', to, content: fixed(shown) } }] : [];
    }
    return d.how === 'mail'
      ? [{ key: `${key}/${d.to}`, message: { op: 'mail', to: d.to, ...mailOf(shown, orgOf(services).name) } }]
      : [];
  });
}

/** The whole notice with everything its reviewer needs beside it. */
export function desk({ notice, reached }: Named, dossier: Dossier, services: Services): View {
  const shown = notice.sent?.shown ?? renderNotice(notice, rendering(reached, dossier, services));
  const before = dossier.notice.notices.findLast(
    (n) => n.audience === notice.audience && n.sent !== null && n.version < notice.version,
  );
  return noticeDesk(notice, reached.audience, dossier.incident.key, {
    shown,
    checked: checked(notice, reached, dossier, services),
    changes: before?.sent ? differences(before.sent.shown, shown) : null,
    isExternal: reached.isExternal,
  });
}

/** The notice's card, rendered when it is delivered. */
export function noticeLive(dossier: Dossier, key: string, services: Services): View | null {
  const notice = dossier.notice.notices.find((n) => n.key === key);
  const reached = notice ? reach(notice.audience, services.organisation, notice.template) : null;
  return notice && reached && !isRefusal(reached)
    ? noticeCard(notice, reached.audience, dossier.incident.key, checked(notice, reached, dossier, services))
    : null;
}

/** Where it goes by itself; addresses count only when a mail server is set. An exercise never leaves its own channel. */
export function deliveriesOf(reached: Reached, dossier: Dossier, services: Services): readonly Delivery[] {
  const { kind, conversation } = dossier.incident;
  if (kind === 'exercise') return conversation ? [{ to: placeOf(conversation), how: 'channel' }] : [];
  return reached.deliveries.filter((d) => d.how !== 'mail' || services.canMail);
}

/** Addresses that get nothing because no mail server is set: somebody has to be told, not surprised. */
export const unreachedOf = (reached: Reached, dossier: Dossier, services: Services): readonly string[] =>
  services.canMail || dossier.incident.kind === 'exercise'
    ? []
    : reached.deliveries.filter((d) => d.how === 'mail').map((d) => d.to);
