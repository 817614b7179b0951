// What the commands on findings share: naming one, comparing it with what it cites, deciding, and its card.
import { speaksAgainst } from '../assist/causes.ts';
import { live } from '../chat/outbox.ts';
import { placeOf } from '../chat/tokens.ts';
import { cardsRestingOn } from '../containment/say-more.ts';
import { linesAt } from '../evidence/lines.ts';
import { maskDeep } from '../evidence/secrets.ts';
import { danglingCites } from '../finding/cites.ts';
import { readCites } from '../finding/confidence.ts';
import { decideFinding, type FindingCommand } from '../finding/decide.ts';
import type { Claim, Finding } from '../finding/types.ts';
import { valuesNotIn } from '../finding/values.ts';
import { findingView, laneOf, questionView } from '../finding/view.ts';
import type { Dossier } from '../incident/dossier.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import { context, view } from '../view/build.ts';
import type { Form } from '../view/types.ts';
import { collectedEvents } from './events.ts';
import { incidentOf } from './status.ts';
import { type Answer, type Call, type Message, one } from './types.ts';

const MOST_OPPOSITE = 5;

/** The finding that a call names, or how to name one. */
export const named = (call: Call): Finding | Refusal => {
  const key = one(call.args, 'finding').toUpperCase();
  const all = call.dossier?.finding.findings ?? [];
  return (
    all.find((f) => f.key === key) ??
    refuse(
      'no-finding',
      key === ''
        ? 'Which one? Name it, such as FI-1. "finding" lists them.'
        : `There is no finding ${key.slice(0, 12)}. "finding" lists them.`,
    )
  );
};

/** The finding's own card in the incident's channel, posted once and edited in place. */
export const findingCard = (dossier: Dossier, subject: string): readonly Message[] => {
  const { key, conversation } = dossier.incident;
  return conversation
    ? [
        {
          key: `finding/${key}/${subject}/${dossier.version}`,
          message: {
            op: 'put',
            name: `finding/${key}/${subject}`,
            to: conversation,
            content: live('finding', key, subject),
          },
        },
      ]
    : [];
};

const unknownCites = (cites: readonly string[], dossier: Dossier): Refusal | null => {
  const wrong = danglingCites(cites, dossier);
  return wrong.length === 0
    ? null
    : refuse(
        'no-such-evidence',
        `There is no ${wrong.slice(0, 3).join(', ')} in ${dossier.incident.key}. "log list" and "timeline" show what there is.`,
      );
};

/** The texts a claim cites: lines of evidence and written events. */
async function citedTexts(call: Call, cites: readonly string[]): Promise<readonly string[]> {
  const dossier = call.dossier as Dossier;
  const texts = dossier.timeline.written.filter((e) => cites.includes(e.key)).map((e) => e.text);
  for (const item of dossier.evidence.items) {
    const numbers = cites
      .filter((c) => c.startsWith(`${item.key}:`))
      .flatMap((c) => {
        const [from = 0, to = from] = c
          .slice(item.key.length + 1)
          .split('-')
          .map(Number);
        return Array.from({ length: Math.min(500, Math.max(0, to - from + 1)) }, (_, i) => from + i);
      });
    if (numbers.length === 0) continue;
    const bytes = await call.services.blobs.read(item.sha256);
    if (bytes) texts.push(...linesAt(bytes, new Set(numbers)).values());
  }
  return texts;
}

/** The claim with what code finds missing in its citations. */
export async function compared(call: Call, claim: Claim): Promise<Claim> {
  const missing = valuesNotIn(claim.claim, await citedTexts(call, claim.cites));
  // "No data left" is a claim like any other: events that may show the opposite stand beside it and cap its confidence.
  const opposite = speaksAgainst(claim.claim, await collectedEvents(call.services, call.dossier as Dossier))
    .map((e) => e.key)
    .slice(0, MOST_OPPOSITE);
  return opposite.length === 0
    ? { ...claim, mismatches: missing }
    : {
        ...claim,
        against: [...new Set([...claim.against, ...opposite])],
        mismatches: [...missing, `that there was none (${opposite.join(', ')} may show one)`],
      };
}

/** Decides on a finding or a question, puts its card in the channel, and answers the actor. */
export async function act(call: Call, command: FindingCommand, cites: readonly string[] = []): Promise<Answer> {
  const done = await call.services.act(incidentOf(call), call.recordActor, (dossier) => {
    const wrong = unknownCites(cites, dossier);
    if (wrong) return wrong;
    // The record is for ever: a secret somebody pasted into a claim must not be in it.
    const records = decideFinding(maskDeep(command), dossier.finding, call.recordActor);
    if (isRefusal(records)) return records;
    const say = records.flatMap((r) => [
      ...findingCard(dossier, r.subject ?? ''),
      ...cardsRestingOn(dossier, r.subject ?? ''),
    ]);
    return { records, say };
  });
  if (isRefusal(done)) return done;
  const key = done.records[0]?.subject ?? '';
  const question = done.state.finding.questions.find((q) => q.key === key);
  const finding = done.state.finding.findings.find((f) => f.key === key);
  // The card stands in the channel for everybody: whoever is there needs no second copy of it.
  const { conversation } = done.state.incident;
  if (conversation && placeOf(conversation) === placeOf(call.event.conversation)) {
    const line = finding
      ? `${key} is on record: ${laneOf(finding)}. Its card is in the channel.`
      : `${key} is on record. Its card is in the channel.`;
    return { kind: 'private', view: view(line, [context(line)]) };
  }
  if (question) return { kind: 'private', view: questionView(question, incidentOf(call)) };
  return finding ? { kind: 'private', view: findingView(finding, incidentOf(call)) } : { kind: 'none' };
}

/** Runs with a finding by name; a form first while what is needed has not been filled in. */
export async function onFinding(
  call: Call,
  needs: string,
  form: (incident: string, finding: Finding) => Form,
  run: (finding: Finding, cites: readonly string[]) => Promise<Answer>,
): Promise<Answer> {
  const finding = named(call);
  if (isRefusal(finding)) return finding;
  if (one(call.args, needs) === '') return { kind: 'form', form: form(incidentOf(call), finding) };
  const cites = readCites(one(call.args, 'cites'));
  if (cites.wrong.length > 0)
    return {
      kind: 'errors',
      errors: { cites: `${cites.wrong.join(', ').slice(0, 60)} is no evidence. Write EV-1:12 or TE-4.` },
    };
  return run(finding, cites.cites);
}
