// review: what happened and what we learn from it; drafted from records, completed by people, frozen when published.
import { fixed } from '../chat/outbox.ts';
import { maskDeep } from '../evidence/secrets.ts';
import type { Dossier } from '../incident/dossier.ts';
import { displayName } from '../incident/view.ts';
import { humanKey } from '../organisation/people.ts';
import { isRefusal, refuse } from '../refusal.ts';
import { decideReview, draftDigest, gapsOf, type ReviewCommand, versionNamed } from '../review/decide.ts';
import { draftReview, LONGEST_SECTION } from '../review/draft.ts';
import { REVIEW_FORMATS, type ReviewFormat, reviewHtml, reviewMarkdown } from '../review/export.ts';
import { type ReviewBody, SECTIONS, type SectionName } from '../review/types.ts';
import { correctForm, editForm, publishedView, reviewView, versionView } from '../review/view.ts';
import { text, view } from '../view/build.ts';
import { eventsOf } from './events.ts';
import { incidentOf } from './status.ts';
import { type Answer, type Call, type Command, type Message, one } from './types.ts';

const dossierOf = (call: Call): Dossier => call.dossier as Dossier;

async function act(call: Call, command: ReviewCommand): Promise<Answer> {
  const done = await call.services.act(incidentOf(call), call.recordActor, (dossier) => {
    const records = decideReview(command, dossier.review, call.recordActor);
    if (isRefusal(records)) return records;
    const published = records.find((r) => r.type === 'review.published');
    const { conversation, key } = dossier.incident;
    const content =
      published && publishedView(dossier.incident, { ...published.body, by: call.recordActor, at: call.nowAt });
    const say: readonly Message[] =
      published && content && conversation
        ? [
            {
              key: `review/${key}/${published.body.key}`,
              message: { op: 'post', to: conversation, content: fixed(content) },
            },
          ]
        : [];
    return { records, say };
  });
  return isRefusal(done) ? done : { kind: 'private', view: reviewView(done.state.incident, done.state.review) };
}

async function show(call: Call): Promise<Answer> {
  const { incident, review } = dossierOf(call);
  const named = one(call.args, 'version');
  if (/^NO-/i.test(named))
    return refuse(
      'bad-argument',
      `To review a notice: "notice review ${named.slice(0, 12)}". "review" is the one after the incident.`,
    );
  if (named === '') return { kind: 'private', view: reviewView(incident, review) };
  const version = versionNamed(review, named);
  return isRefusal(version) ? version : { kind: 'private', view: versionView(incident, version, review) };
}

async function draft(call: Call): Promise<Answer> {
  const events = await eventsOf(call.services, dossierOf(call));
  const setting = { org: call.services.organisation.organisation, nowAt: call.nowAt, events };
  const body = maskDeep(draftReview(dossierOf(call), setting));
  return act(call, { do: 'draft', body, isAgain: one(call.args, 'again').toLowerCase() === 'again' });
}

const linesOf = (typed: string): readonly string[] =>
  typed
    .slice(0, LONGEST_SECTION)
    .split('\n')
    .map((line) => line.trim().replace(/^[-*\u2022]\s+/, ''))
    .filter((line) => line !== '');

async function edit(call: Call): Promise<Answer> {
  const { draft: now } = dossierOf(call).review;
  if (!now) return decide(call, { do: 'edit', body: {} as ReviewBody, base: '' });
  if (one(call.args, 'isFilled') !== 'yes') {
    const wanted = one(call.args, 'section')
      .toLowerCase()
      .replace(/[^a-z]/g, '');
    const names = SECTIONS.map((s) => s.name).filter((n) => n.toLowerCase().startsWith(wanted));
    if (names.length === 0)
      return refuse('bad-argument', `Sections are ${SECTIONS.map((s) => s.name).join(', ')}; all of them without one.`);
    return { kind: 'form', form: editForm(incidentOf(call), now.body, names) };
  }
  const names = one(call.args, 'sections').split(' ') as readonly SectionName[];
  const typed = Object.fromEntries(names.map((name) => [name, linesOf(one(call.args, name))]));
  const body = maskDeep({ ...now.body, ...typed }) as ReviewBody;
  const base = one(call.args, 'base');
  // The form stays open with what was typed when somebody else was faster.
  if (draftDigest(now.body) !== base) {
    const no = decideReview({ do: 'edit', body, base }, dossierOf(call).review, call.recordActor);
    return { kind: 'errors', errors: { [names[0] ?? 'summary']: isRefusal(no) ? no.message : '' } };
  }
  return act(call, { do: 'edit', body, base });
}

/** Refused before a form opens, so that nobody reads or fills in what cannot be kept. */
const decide = (call: Call, command: ReviewCommand): Answer => {
  const early = decideReview(command, dossierOf(call).review, call.recordActor);
  return isRefusal(early) ? early : { kind: 'none' };
};

async function publish(call: Call): Promise<Answer> {
  const { incident, review } = dossierOf(call);
  const read = one(call.args, 'read');
  if (read !== '') return act(call, { do: 'publish', incident: incident.key, read });
  if (!review.draft || gapsOf(review.draft.body).length > 0)
    return decide(call, { do: 'publish', incident: incident.key, read });
  // Typed: the words to read first, with the button that publishes them.
  return { kind: 'private', view: reviewView(incident, review) };
}

async function correct(call: Call): Promise<Answer> {
  const reason = one(call.args, 'reason').slice(0, 500);
  const { review, incident } = dossierOf(call);
  const last = review.published.at(-1);
  if (reason === '' && last && !review.draft) return { kind: 'form', form: correctForm(incident.key, last) };
  return act(call, { do: 'correct', reason });
}

async function exportReview(call: Call): Promise<Answer> {
  const { incident, review } = dossierOf(call);
  const version = versionNamed(review, one(call.args, 'version'));
  if (isRefusal(version)) return version;
  const format = (one(call.args, 'format').toLowerCase() || 'md') as ReviewFormat;
  if (!REVIEW_FORMATS.includes(format)) return refuse('bad-argument', `Export as one of ${REVIEW_FORMATS.join(', ')}.`);
  const org = call.services.organisation.organisation;
  const custody = {
    incident: incident.key,
    name: displayName(incident),
    organisation: org.name,
    isExercise: incident.kind === 'exercise',
    correctedBy: review.published.find((p) => p.corrects?.key === version.key)?.key ?? null,
    by: `${call.actor.label} (${call.actor.platform}/${call.actor.tenant}/${call.actor.id})`,
    at: call.nowAt,
  };
  const written = (format === 'md' ? reviewMarkdown : reviewHtml)(version, custody);
  const bytes = new TextEncoder().encode(written);
  const sha256 = await call.services.blobs.keep(bytes);
  const name = `${incident.key.toLowerCase()}-review-${version.version}.${format}`;
  const body = { key: version.key, format, name, sha256, to: humanKey(org, call.actor) };
  await call.services.act(incident.key, call.recordActor, () => ({
    records: [{ type: 'review.exported', body, subject: version.key }],
  }));
  return {
    kind: 'private',
    view: view(`${name}: ${version.key}`, [
      text(
        `${version.key} as ${format === 'md' ? 'Markdown' : 'one HTML page'}, SHA-256 ${sha256}. The export is on record.`,
      ),
    ]),
    file: { name, mediaType: format === 'md' ? 'text/markdown' : 'text/html', bytes },
  };
}

const base = { effect: 'record', needsIncident: true } as const;
const versionArg = {
  name: 'version',
  summary: 'RV-1 or its number; the newest when left out',
  isRequired: false,
} as const;

export const review: readonly Command[] = [
  {
    ...base,
    name: 'review',
    summary: 'The review after the incident: the draft, or the newest version',
    args: [versionArg],
    examples: ['review', 'review RV-1'],
    effect: 'read',
    who: 'participant',
    run: show,
  },
  {
    ...base,
    name: 'review draft',
    summary: 'Draft the review from what is on record; "again" starts over',
    args: [{ name: 'again', summary: 'again: take the place of the open draft', isRequired: false }],
    examples: ['review draft'],
    who: 'responder',
    run: draft,
  },
  {
    ...base,
    name: 'review edit',
    summary: 'Fill in or change the sections of the draft',
    args: [
      { name: 'section', summary: `${SECTIONS.map((s) => s.name).join(', ')}; all when left out`, isRequired: false },
    ],
    examples: ['review edit', 'review edit learned'],
    who: 'responder',
    run: edit,
  },
  {
    ...base,
    name: 'review publish',
    summary: 'Publish the draft: it is frozen from then on',
    args: [],
    examples: ['review publish'],
    who: 'command',
    run: publish,
  },
  {
    ...base,
    name: 'review correct',
    summary: 'Begin a correction of the published version, with what is wrong in it',
    args: [{ name: 'reason', summary: 'What is wrong', isRequired: true, isRest: true }],
    examples: ['review correct the number of accounts was 12, not 21'],
    who: 'command',
    run: correct,
  },
  {
    ...base,
    name: 'review export',
    summary: 'A published version as a file: Markdown or HTML',
    args: [
      { name: 'format', summary: REVIEW_FORMATS.join(', '), isRequired: false, choices: REVIEW_FORMATS },
      versionArg,
    ],
    examples: ['review export md', 'review export html RV-1'],
    who: 'export',
    run: exportReview,
  },
];
