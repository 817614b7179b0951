// Drafts a notice from what is recorded, by code alone: no sentence here is anybody's guess.
import { defangText } from '../evidence/defang.ts';
import { isCitable, isSettled, missingParts, openChallenges } from '../finding/confidence.ts';
import type { Finding } from '../finding/types.ts';
import type { Dossier } from '../incident/dossier.ts';
import type { Organisation } from '../organisation/schema.ts';
import type { TimelineEvent } from '../timeline/event.ts';
import type { Audience } from './audiences.ts';
import { mustNotIn } from './check.ts';
import { incidentFacts, publicStatusLine, statusLine, workFacts } from './facts.ts';
import { eventLine, putForward } from './highlights.ts';
import { withCites } from './lines.ts';
import { isStricter, type Tlp } from './tlp.ts';
import type { LeftOut, NoticeBody } from './types.ts';

export interface Draft {
  readonly body: NoticeBody;
  readonly leftOut: readonly LeftOut[];
}

export interface DraftContext {
  readonly org: Organisation;
  readonly nowAt: string;
  readonly tlp: Tlp;
  /** Answers of the last notice to this audience, kept until somebody changes them. */
  readonly answers: Readonly<Record<string, string>>;
  /** Events that people put forward on the timeline. */
  readonly events: readonly TimelineEvent[];
  /** The clock lines for legal readers; empty: none was started. */
  readonly clocks: readonly string[];
}

/** Readers outside the response who are not technical: customers, the media, employees. */
const isPublic = (audience: Audience): boolean => audience.isPlain && (audience.isExternal || !audience.showsCites);

/** Why a finding does not go into a notice for this audience, or null. */
function whyLeftOut(finding: Finding, words: string, audience: Audience, context: DraftContext): string | null {
  if (finding.state === 'refuted') return 'it is refuted';
  if (finding.tlp !== null && isStricter(finding.tlp, context.tlp))
    return `it is TLP:${finding.tlp} and this notice is TLP:${context.tlp}; the commander can relabel it`;
  if (audience.isExternal && openChallenges(finding).length > 0) return 'it is challenged and nobody has settled that';
  if (audience.isExternal && !isSettled(finding)) return 'no person has verified it';
  // What responders wrote for each other is not for the public, however true it is.
  if (isPublic(audience) && finding.plain === null)
    return `nobody has put it in plain words yet: finding plain ${finding.key} <words>`;
  if (!isCitable(finding)) return `it is incomplete: it lacks ${missingParts(finding).join(', ')}`;
  const banned = mustNotIn(words, audience, context.org, [finding]).filter((m) => m.isCertain);
  if (banned.length > 0)
    return `${banned[0]?.what}: ${banned[0]?.why}. Word it yourself with "Edit", ending in [${finding.key}]`;
  return null;
}

/** Why an event of the timeline does not go into a notice for this audience, or null. */
function whyEventLeftOut(line: string, audience: Audience, org: Organisation): string | null {
  if (audience.isExternal || isPublic(audience))
    return 'outsiders and the whole house are told verified findings only: put it on record with "finding add"';
  const [banned] = mustNotIn(line, audience, org, []).filter((m) => m.isCertain);
  return banned ? `${banned.what}: ${banned.why}` : null;
}

/** Only keys go into the citation, and the evidence behind a verified finding: what a reader can ask for by name. */
const citesOf = (f: Finding): readonly string[] => [f.key, ...(f.verification?.cites ?? f.cites).slice(0, 4)];

const sentence = (words: string): string => (/[.!?]$/.test(words) ? words : `${words}.`);

/** When the next word comes: what was promised last, or one cadence from now. */
export function nextUpdate(dossier: Dossier, org: Organisation, nowAt: string): string | null {
  if (dossier.incident.phase === 'closed') return null;
  const promised = dossier.notice.briefings.at(-1)?.body.nextUpdateAt;
  if (promised && promised > nowAt) return promised;
  const minutes = org.severities[dossier.incident.severity].briefing_minutes;
  return new Date(Date.parse(nowAt) + minutes * 60_000).toISOString();
}

/** A draft for an audience, and everything recorded that it does not say. */
export function draftNotice(audience: Audience, dossier: Dossier, context: DraftContext): Draft {
  const { org, nowAt } = context;
  const leftOut: LeftOut[] = [];
  const known: string[] = [];
  for (const finding of dossier.finding.findings) {
    const words = defangText(sentence((audience.isPlain ? finding.plain : null) ?? finding.claim));
    const why = whyLeftOut(finding, words, audience, context);
    if (why === null) known.push(withCites(words, citesOf(finding)));
    else leftOut.push({ what: `${finding.key} ${finding.claim}`, why });
  }
  for (const event of putForward(context.events)) {
    const line = eventLine(event, dossier.incident.zone ?? org.zone);
    const why = whyEventLeftOut(line, audience, org);
    if (why === null) known.push(line);
    else leftOut.push({ what: `${event.key} on the timeline`, why });
  }
  const open = dossier.finding.questions.filter((q) => q.answer === null);
  if (audience.isExternal || audience.key === 'employees') {
    for (const q of open)
      leftOut.push({ what: `${q.key} ${q.text}`, why: 'open questions are named to our own people only' });
  }
  const isInside = !audience.isExternal && audience.key !== 'employees';
  const notKnown = isInside
    ? open.map((q) => withCites(defangText(sentence(q.text).replace(/\?\.$/, '?')), [q.key]))
    : open.length > 0
      ? ['We do not know everything yet and are finding out.']
      : [];
  const done: string[] = [];
  for (const line of workFacts(dossier, org, isInside)) {
    const [banned] = mustNotIn(line, audience, org, []).filter((m) => m.isCertain);
    if (banned) leftOut.push({ what: line, why: `${banned.what}: ${banned.why}` });
    else done.push(defangText(line));
  }
  const standard = Object.fromEntries(audience.needs.map((n) => [n.name, context.answers[n.name] ?? n.standard ?? '']));
  const clocks = context.clocks.join('\n');
  return {
    body: {
      status: isPublic(audience) ? publicStatusLine(dossier.incident) : statusLine(dossier.incident, org),
      asOfAt: nowAt,
      known: [...incidentFacts(dossier, org), ...known],
      notKnown,
      beingDone: done,
      asked: audience.asked,
      answers: clocks !== '' && 'clocks' in standard ? { ...standard, clocks } : standard,
      nextUpdateAt: nextUpdate(dossier, org, nowAt),
      contact: org.contact,
      tlp: context.tlp,
    },
    leftOut,
  };
}
