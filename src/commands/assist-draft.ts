// Drafts with the assistant's help: it chooses among sentences that code wrote from the record, and a person makes them a draft.
import { draftOffers, offeredText } from '../assist/offers.ts';
import type { AssistantAnswer, AssistantRecord, Offer } from '../assist/types.ts';
import type { Dossier } from '../incident/dossier.ts';
import { draftBriefing } from '../notice/briefing.ts';
import { type Draft, draftNotice } from '../notice/draft.ts';
import { incidentFacts } from '../notice/facts.ts';
import { splitCites } from '../notice/lines.ts';
import { reach } from '../notice/recipients.ts';
import type { LeftOut } from '../notice/types.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import type { TimelineEvent } from '../timeline/event.ts';
import type { Services } from './types.ts';

/** The audience of the periodic word to managers, beside those of notices. */
export const BRIEFING = 'briefing';

/** The sentences of a draft that may be chosen from; when it began and who works on it always stay. */
export function draftOffersFor(
  { services, dossier, nowAt }: { readonly services: Services; readonly dossier: Dossier; readonly nowAt: string },
  audience: string,
  events: readonly TimelineEvent[],
): readonly Omit<Offer, 'id'>[] | Refusal {
  const org = services.organisation.organisation;
  if (audience === BRIEFING) {
    const { changed, actions } = draftBriefing(dossier, org, nowAt, events);
    return draftOffers([...changed, ...actions], dossier);
  }
  const reached = reach(audience, services.organisation);
  if (isRefusal(reached)) return reached;
  const { body } = draftNotice({ ...reached.audience, isExternal: reached.isExternal }, dossier, {
    org,
    nowAt,
    tlp: reached.width,
    events,
    answers: {},
    clocks: [],
  });
  const always = new Set(incidentFacts(dossier, org));
  return draftOffers([...body.known.filter((l) => !always.has(l)), ...body.beingDone], dossier);
}

/** The answer that a draft is made from, or why it cannot be. */
export function draftAnswer(dossier: Dossier, key: string, audience: string): AssistantAnswer | null | Refusal {
  if (key === '') return null;
  const found = dossier.assist.answers.find((a) => a.key === key.toUpperCase());
  return found?.task === 'draft' && found.audience === audience
    ? found
    : refuse(
        'no-answer',
        `${key.slice(0, 12)} is no answer on a draft for ${audience}. Ask again: finding draft ${audience}`,
      );
}

/** Lines of a draft as an answer chose them: chosen ones in its order, what it was not asked about before them, the rest left out. */
export function chosenFrom(
  lines: readonly string[],
  answer: AssistantAnswer,
): { readonly lines: readonly string[]; readonly leftOut: readonly LeftOut[] } {
  const text = (line: string): string => offeredText(splitCites(line).words);
  const place = new Map(answer.kept.map((k, i) => [k.text, i]));
  const out = new Set(answer.leftOut);
  const left = lines.filter((l) => out.has(text(l)));
  // A part with nothing in it would tell readers that nothing is done: it stays as code wrote it.
  if (left.length === lines.length) return { lines, leftOut: [] };
  return {
    lines: lines
      .filter((l) => !left.includes(l))
      .toSorted((a, b) => (place.get(text(a)) ?? -1) - (place.get(text(b)) ?? -1)),
    leftOut: left.map((what) => ({
      what: splitCites(what).words,
      why: `the assistant left it out (${answer.key}); "Edit" brings it back`,
    })),
  };
}

/** A notice's draft with the sentences an answer chose; what that leaves out is listed with the rest. */
export function narrowed(draft: Draft, answer: AssistantAnswer): Draft {
  const known = chosenFrom(draft.body.known, answer);
  const beingDone = chosenFrom(draft.body.beingDone, answer);
  return {
    body: { ...draft.body, known: known.lines, beingDone: beingDone.lines },
    leftOut: [...draft.leftOut, ...known.leftOut, ...beingDone.leftOut],
  };
}

/** The record that says an answer's choice became a draft. */
export const takenInto = (key: string, into: string): AssistantRecord => ({
  type: 'assistant.taken',
  body: { key, into },
  subject: key,
});
