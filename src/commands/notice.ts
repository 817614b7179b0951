// notice: drafts for stakeholders, review and sending as two acts, and taking back.
import type { Dossier } from '../incident/dossier.ts';
import { clockSentences } from '../notice/clock-view.ts';
import {
  decideNotice,
  digestOf,
  lastSent,
  type NoticeCommand,
  noticeNamed,
  type Power,
  type Releasing,
} from '../notice/decide.ts';
import { draftNotice } from '../notice/draft.ts';
import { draftForm, editForm, readEdit, retractForm, reviewForm, sendForm } from '../notice/forms.ts';
import { audienceKeys, type Reached, reach } from '../notice/recipients.ts';
import { renderNotice, renderRetraction } from '../notice/render.ts';
import { channelOf, type Delivery, type Notice } from '../notice/types.ts';
import { noticeList } from '../notice/view.ts';
import { humanKey } from '../organisation/people.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import { draftAnswer, narrowed, takenInto } from './assist-draft.ts';
import { eventsOf } from './events.ts';
import { namesIn } from './names.ts';
import {
  card,
  checked,
  deliver,
  deliveriesOf,
  desk,
  type Named,
  orgOf,
  rendering,
  unreachedOf,
} from './notice-desk.ts';
import { holdsRole } from './permission.ts';
import { incidentOf } from './status.ts';
import { type Answer, type Argument, type Call, type Command, type Message, one, type Services } from './types.ts';

const dossierOf = (call: Call): Dossier => call.dossier as Dossier;
function powers(call: Call, dossier: Dossier): readonly Power[] {
  const holds = (role: Parameters<typeof holdsRole>[3]) => holdsRole(orgOf(call.services), dossier, call.actor, role);
  return [
    ...(holds('commander') || holds('deputy') ? ['command' as const] : []),
    ...(holds('liaison') ? ['liaison' as const] : []),
    ...(call.person?.roles.includes('legal') ? ['legal' as const] : []),
    ...(call.person?.roles.includes('responder') ? ['responder' as const] : []),
  ];
}

function releasing(call: Call, notice: Notice, reached: Reached, dossier: Dossier): Releasing {
  const { audience } = reached;
  const legal = orgOf(call.services)
    .people.filter((p) => p.roles.includes('legal'))
    .map((p) => p.name);
  return {
    audience,
    isExternal: reached.isExternal,
    checked: checked(notice, reached, dossier, call.services),
    powers: powers(call, dossier),
    isSameHuman: (a, b) => humanKey(orgOf(call.services), a) === humanKey(orgOf(call.services), b),
    reviewersNamed: [
      'the commander or the deputy',
      ...(audience.reviewers.includes('liaison') ? ['the liaison'] : []),
      ...(audience.reviewers.includes('legal') ? [legal.length > 0 ? `${legal.join(', ')} (legal)` : 'legal'] : []),
    ].join(', '),
  };
}

function named(call: Call, dossier: Dossier): Named | Refusal {
  const notice = noticeNamed(dossier.notice, one(call.args, 'notice'));
  if (isRefusal(notice)) return notice;
  const reached = reach(notice.audience, call.services.organisation, notice.template);
  return isRefusal(reached) ? reached : { notice, reached };
}

async function act(
  call: Call,
  decide: (
    dossier: Dossier,
  ) => { readonly command: NoticeCommand; readonly say?: readonly Message[]; readonly from?: string } | Refusal,
): Promise<Answer> {
  const done = await call.services.act(incidentOf(call), call.recordActor, (dossier) => {
    const wanted = decide(dossier);
    if (isRefusal(wanted)) return wanted;
    const records = decideNotice(wanted.command, dossier.notice, call.recordActor);
    if (isRefusal(records)) return records;
    const taken = wanted.from ? [takenInto(wanted.from, records[0]?.subject ?? '')] : [];
    return {
      records: [...records, ...taken],
      say: [...records.flatMap((r) => card(dossier, r.subject ?? '', r.type)), ...(wanted.say ?? [])],
    };
  });
  if (isRefusal(done)) return done;
  const found = named({ ...call, args: { notice: done.records[0]?.subject ?? '' } }, done.state);
  return isRefusal(found) ? found : { kind: 'private', view: desk(found, done.state, call.services) };
}

async function draft(call: Call): Promise<Answer> {
  const org = orgOf(call.services);
  if (one(call.args, 'audience') === '') {
    const all = audienceKeys(org).flatMap((k) => {
      const r = reach(k, call.services.organisation);
      return isRefusal(r) ? [] : [{ key: k, title: r.audience.title, isExternal: r.isExternal }];
    });
    return { kind: 'form', form: draftForm(incidentOf(call), all) };
  }
  const template = one(call.args, 'template').toLowerCase() || null;
  const { templates } = call.services.organisation;
  if (template !== null && !templates.has(template))
    return refuse(
      'no-template',
      `There is no template "${template.slice(0, 40)}". ${templates.size > 0 ? `There are ${[...templates.keys()].join(', ')}.` : 'countersign.yml names no folder of templates.'}`,
    );
  const reached = reach(one(call.args, 'audience'), call.services.organisation, template);
  if (isRefusal(reached)) return reached;
  const { audience, width } = reached;
  const events = await eventsOf(call.services, dossierOf(call));
  return act(call, (dossier) => {
    const chosen = draftAnswer(dossier, one(call.args, 'from'), audience.key);
    if (isRefusal(chosen)) return chosen;
    const full = draftNotice({ ...audience, isExternal: reached.isExternal }, dossier, {
      org,
      nowAt: call.nowAt,
      tlp: width,
      events,
      answers: lastSent(dossier.notice, audience.key)?.body.answers ?? {},
      clocks: clockSentences(
        dossier.clock.state,
        call.services.now(),
        dossier.incident.zone ?? org.zone,
        namesIn(call.services),
      ),
    });
    return {
      command: { do: 'draft', audience, template, draft: chosen ? narrowed(full, chosen) : full },
      ...(chosen ? { from: chosen.key } : {}),
    };
  });
}

async function review(call: Call): Promise<Answer> {
  const found = named(call, dossierOf(call));
  if (isRefusal(found)) return found;
  const digest = one(call.args, 'digest');
  if (digest === '') {
    const { notice, reached } = found;
    const may = releasing(call, notice, reached, dossierOf(call));
    // Refused before the form opens, so that nobody fills in what cannot be kept.
    const early = decideNotice(
      { do: 'review', key: notice.key, digest: digestOf(notice), note: 'form', releasing: may },
      dossierOf(call).notice,
      call.recordActor,
    );
    if (isRefusal(early)) return early;
    const shown = renderNotice(notice, rendering(reached, dossierOf(call), call.services));
    return {
      kind: 'form',
      form: reviewForm(incidentOf(call), notice, digestOf(notice), shown.elements, may.checked.warnings),
    };
  }
  return act(call, (dossier) => {
    const now = named(call, dossier);
    if (isRefusal(now)) return now;
    return {
      command: {
        do: 'review',
        key: now.notice.key,
        digest,
        note: one(call.args, 'note').slice(0, 500),
        releasing: releasing(call, now.notice, now.reached, dossier),
      },
    };
  });
}

/** What to know before a strict label goes into a channel that another organisation reads. */
async function outsideOf(notice: Notice, reached: Reached, services: Services): Promise<readonly string[]> {
  const { tlp } = notice.body;
  if (tlp !== 'RED' && tlp !== 'AMBER+STRICT') return [];
  const said: string[] = [];
  for (const { to, how } of reached.deliveries) {
    const channel = how === 'channel' ? channelOf(to) : null;
    const shared = channel ? await services.isShared(channel) : false;
    if (shared === true)
      said.push(
        `${to} is read by another organisation too, and this is TLP:${tlp}: they must not have it. Send it elsewhere.`,
      );
    if (shared === 'unknown')
      said.push(
        `Whether another organisation reads ${to} could not be asked, and this is TLP:${tlp}. Look before you send.`,
      );
  }
  return said;
}

async function send(call: Call): Promise<Answer> {
  const found = named(call, dossierOf(call));
  if (isRefusal(found)) return found;
  const digest = one(call.args, 'digest');
  if (digest === '') {
    const { notice, reached } = found;
    const early = decideNotice(
      {
        do: 'send',
        key: notice.key,
        digest: digestOf(notice),
        deliveries: [{ to: 'form', how: 'by-hand' }],
        shown: renderNotice(notice, rendering(reached, dossierOf(call), call.services)),
        releasing: releasing(call, notice, reached, dossierOf(call)),
      },
      dossierOf(call).notice,
      call.recordActor,
    );
    if (isRefusal(early)) return early;
    const shown = renderNotice(notice, rendering(reached, dossierOf(call), call.services));
    return {
      kind: 'form',
      form: sendForm(
        incidentOf(call),
        notice,
        digestOf(notice),
        deliveriesOf(reached, dossierOf(call), call.services),
        unreachedOf(reached, dossierOf(call), call.services),
        shown.elements,
        await outsideOf(notice, reached, call.services),
      ),
    };
  }
  return act(call, (dossier) => {
    const now = named(call, dossier);
    if (isRefusal(now)) return now;
    const { notice, reached } = now;
    const byHand = one(call.args, 'byHand').trim().slice(0, 200);
    const deliveries: readonly Delivery[] = [
      ...deliveriesOf(reached, dossier, call.services),
      ...(byHand === '' ? [] : [{ to: byHand, how: 'by-hand' as const }]),
    ];
    const shown = renderNotice(notice, rendering(reached, dossier, call.services));
    return {
      command: {
        do: 'send',
        key: notice.key,
        digest,
        deliveries,
        shown,
        releasing: releasing(call, notice, reached, dossier),
      },
      say: deliver(`notice/${dossier.incident.key}/${notice.key}/out`, shown, deliveries, call.services),
    };
  });
}

async function retract(call: Call): Promise<Answer> {
  const found = named(call, dossierOf(call));
  if (isRefusal(found)) return found;
  const [reason, correction] = [one(call.args, 'reason').slice(0, 500), one(call.args, 'correction').slice(0, 1000)];
  if (reason === '' || correction === '') {
    if (!found.notice.sent || found.notice.retraction) {
      const no = decideNotice(
        { do: 'retract', key: found.notice.key, reason: '-', correction: '-' },
        dossierOf(call).notice,
        call.recordActor,
      );
      if (isRefusal(no)) return no;
    }
    return { kind: 'form', form: retractForm(incidentOf(call), found.notice) };
  }
  return act(call, (dossier) => {
    const now = named(call, dossier);
    if (isRefusal(now)) return now;
    const shown = renderRetraction(now.notice, reason, correction, rendering(now.reached, dossier, call.services));
    return {
      command: { do: 'retract', key: now.notice.key, reason, correction },
      say: deliver(
        `notice/${dossier.incident.key}/${now.notice.key}/back`,
        shown,
        now.notice.sent?.deliveries ?? [],
        call.services,
      ),
    };
  });
}

const noticeArg: Argument = { name: 'notice', summary: 'NO-1 and so on', isRequired: true };
const base = { effect: 'record', needsIncident: true } as const;

export const notice: readonly Command[] = [
  {
    ...base,
    name: 'notice',
    summary: 'Notices to stakeholders and where each stands',
    args: [],
    examples: ['notice'],
    effect: 'read',
    who: 'participant',
    async run(call) {
      const title = (key: string): string => {
        const r = reach(key, call.services.organisation);
        return isRefusal(r) ? key : r.audience.title;
      };
      return { kind: 'private', view: noticeList(dossierOf(call).notice.notices, title, incidentOf(call)) };
    },
  },
  {
    ...base,
    name: 'notice draft',
    summary: 'Draft a notice for an audience from what is on record',
    args: [
      { name: 'audience', summary: 'executive, employees, legal, customers and so on', isRequired: false },
      { name: 'template', summary: "Name of a template of the organisation's own", isRequired: false },
    ],
    examples: ['notice draft executive'],
    who: 'responder',
    run: draft,
  },
  {
    ...base,
    name: 'notice show',
    summary: 'One notice as its readers get it, with what is left out and what changed',
    args: [noticeArg],
    examples: ['notice show NO-1'],
    effect: 'read',
    who: 'participant',
    async run(call) {
      const found = named(call, dossierOf(call));
      return isRefusal(found) ? found : { kind: 'private', view: desk(found, dossierOf(call), call.services) };
    },
  },
  {
    ...base,
    name: 'notice edit',
    summary: 'Change the words of a draft',
    args: [noticeArg],
    examples: ['notice edit NO-1'],
    who: 'responder',
    async run(call) {
      const found = named(call, dossierOf(call));
      if (isRefusal(found)) return found;
      const no = decideNotice(
        { do: 'edit', key: found.notice.key, body: found.notice.body },
        dossierOf(call).notice,
        call.recordActor,
      );
      return isRefusal(no)
        ? no
        : { kind: 'form', form: editForm(incidentOf(call), found.notice, found.reached.audience) };
    },
  },
  {
    ...base,
    name: 'notice save',
    summary: 'Save a draft from its form',
    args: [],
    examples: [],
    who: 'responder',
    isHidden: true,
    async run(call) {
      const found = named(call, dossierOf(call));
      if (isRefusal(found)) return found;
      const zone = dossierOf(call).incident.zone ?? orgOf(call.services).zone;
      const body = readEdit(call.args, found.notice.body, found.reached.audience, { nowAt: call.nowAt, zone });
      if ('errors' in body) return { kind: 'errors', errors: body.errors };
      return act(call, () => ({ command: { do: 'edit', key: found.notice.key, body } }));
    },
  },
  {
    ...base,
    name: 'notice review',
    summary: 'Read a notice and say that it is right; sends nothing',
    args: [noticeArg],
    examples: ['notice review NO-1'],
    who: 'participant',
    run: review,
  },
  {
    ...base,
    name: 'notice send',
    summary: 'Send a reviewed notice; outsiders need a second person',
    args: [noticeArg],
    examples: ['notice send NO-1'],
    who: 'liaison',
    run: send,
  },
  {
    ...base,
    name: 'notice retract',
    summary: 'Take back a notice that was sent, with a correction',
    args: [noticeArg],
    examples: ['notice retract NO-1'],
    who: 'liaison',
    run: retract,
  },
];
