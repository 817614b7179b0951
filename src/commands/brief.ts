// notice brief, snooze, latest: the periodic word to managers.
import { fixed, live } from '../chat/outbox.ts';
import type { Dossier } from '../incident/dossier.ts';
import { cadenceMinutes, draftBriefing } from '../notice/briefing.ts';
import { briefingForm, briefingView, readBriefing, snoozeForm } from '../notice/briefing-view.ts';
import { decideBriefing } from '../notice/decide-briefing.ts';
import { channelOf } from '../notice/types.ts';
import { isRefusal, refuse } from '../refusal.ts';
import { actions, button, notice, text, time, view } from '../view/build.ts';
import { BRIEFING, chosenFrom, draftAnswer, takenInto } from './assist-draft.ts';
import { eventsOf } from './events.ts';
import { incidentOf } from './status.ts';
import { type Answer, type Call, type Command, type Message, one } from './types.ts';

const dossierOf = (call: Call): Dossier => call.dossier as Dossier;

const dueCard = (dossier: Dossier, what: string): readonly Message[] => {
  const { key, conversation } = dossier.incident;
  return conversation && dossier.notice.reminder.openSinceAt !== null
    ? [
        {
          key: `briefing/${key}/${what}/${dossier.version}`,
          message: {
            op: 'put',
            name: `briefing/${key}/${dossier.notice.reminder.given}`,
            to: conversation,
            content: live('briefing', key),
          },
        },
      ]
    : [];
};

async function brief(call: Call): Promise<Answer> {
  const org = call.services.organisation.organisation;
  const zone = dossierOf(call).incident.zone ?? org.zone;
  if (call.event.kind !== 'submit') {
    const chosen = draftAnswer(dossierOf(call), one(call.args, 'from'), BRIEFING);
    if (isRefusal(chosen)) return chosen;
    const events = await eventsOf(call.services, dossierOf(call));
    const full = draftBriefing(dossierOf(call), org, call.nowAt, events);
    const draft = chosen
      ? {
          ...full,
          changed: chosenFrom(full.changed, chosen).lines,
          actions: chosenFrom(full.actions, chosen).lines,
        }
      : full;
    const form = briefingForm(incidentOf(call), draft, cadenceMinutes(dossierOf(call), org), zone);
    // Which answer it began from goes on record with the briefing.
    const args = { ...form.intent.args, ...(chosen ? { from: chosen.key } : {}) };
    return { kind: 'form', form: { ...form, intent: { ...form.intent, args } } };
  }
  const body = readBriefing(call.args, { nowAt: call.nowAt, zone });
  if ('errors' in body) return { kind: 'errors', errors: body.errors };
  const done = await call.services.act(incidentOf(call), call.recordActor, (dossier) => {
    const records = decideBriefing({ do: 'post', body }, dossier.notice, call.nowAt);
    if (isRefusal(records)) return records;
    const key = records[0]?.subject ?? '';
    const shown = briefingView({ key, by: call.recordActor, at: call.nowAt, body }, dossier, org);
    const isExercise = dossier.incident.kind === 'exercise';
    const channels = (isExercise ? [] : (org.audiences['briefing']?.channels ?? [])).flatMap((c) => channelOf(c) ?? []);
    const places = [...(dossier.incident.conversation ? [dossier.incident.conversation] : []), ...channels];
    const from = draftAnswer(dossier, one(call.args, 'from'), BRIEFING);
    if (isRefusal(from)) return from;
    return {
      records: [...records, ...(from ? [takenInto(from.key, key)] : [])],
      say: [
        ...dueCard(dossier, 'posted'),
        ...places.map(
          (to): Message => ({
            key: `briefing/${dossier.incident.key}/${key}/${to.platform}/${to.tenant}/${to.id}`,
            message: { op: 'post', to, content: fixed(shown) },
          }),
        ),
      ],
    };
  });
  if (isRefusal(done)) return done;
  const next = done.state.notice.briefings.at(-1)?.body.nextUpdateAt;
  return {
    kind: 'private',
    view: view('The briefing is posted.', [
      notice('good', 'The briefing is posted, and managers find it on their home tab.'),
      ...(next ? [text('You promised the next one for ', time(next), '.')] : []),
    ]),
  };
}

async function snooze(call: Call): Promise<Answer> {
  const [minutes, reason] = [one(call.args, 'minutes'), one(call.args, 'reason').slice(0, 300)];
  if (reason === '') return { kind: 'form', form: snoozeForm(incidentOf(call), minutes) };
  const done = await call.services.act(incidentOf(call), call.recordActor, (dossier) => {
    const records = decideBriefing({ do: 'snooze', minutes: Number(minutes), reason }, dossier.notice, call.nowAt);
    return isRefusal(records) ? records : { records, say: dueCard(dossier, 'snoozed') };
  });
  if (isRefusal(done)) return done;
  const until = done.state.notice.reminder.snoozedUntilAt;
  return {
    kind: 'private',
    view: view('Put off.', [text('The briefing is put off', ...(until ? [' until ', time(until)] : []), '.')]),
  };
}

export const briefing: readonly Command[] = [
  {
    name: 'notice brief',
    summary: 'Read, change and post the briefing for managers',
    args: [],
    examples: ['notice brief'],
    effect: 'record',
    who: 'liaison',
    needsIncident: true,
    run: brief,
  },
  {
    name: 'notice snooze',
    summary: 'Put the due briefing off by 15, 30 or 60 minutes, with a reason',
    args: [
      { name: 'minutes', summary: '15, 30 or 60', isRequired: true, choices: ['15', '30', '60'] },
      { name: 'reason', summary: 'Why', isRequired: true, isRest: true },
    ],
    examples: ['notice snooze 15 the commander is in a call with the provider'],
    effect: 'record',
    who: 'liaison',
    needsIncident: true,
    run: snooze,
  },
  {
    name: 'notice latest',
    summary: 'The latest briefing, in plain words',
    args: [],
    examples: ['notice latest'],
    effect: 'read',
    who: 'participant',
    needsIncident: true,
    async run(call) {
      const last = dossierOf(call).notice.briefings.at(-1);
      if (!last)
        return refuse('no-briefing', 'No briefing has been posted yet. "status" says where the incident stands.');
      const shown = briefingView(last, dossierOf(call), call.services.organisation.organisation);
      return {
        kind: 'private',
        view: {
          ...shown,
          elements: [
            ...shown.elements,
            actions(button('What happened since', 'status catchup', { incident: incidentOf(call), since: last.at })),
          ],
        },
      };
    },
  },
];
