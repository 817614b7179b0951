// Reading evidence under another assumption: what moved is shown and told in the channel, and the reading before stays on record.
import type { Evidence } from '../evidence/types.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import { decideTimeline } from '../timeline/decide.ts';
import type { Addition } from '../timeline/event.ts';
import { importOf, shifted } from '../timeline/export/import.ts';
import { firstMonthOf } from '../timeline/first-month.ts';
import { derivedKey } from '../timeline/merge.ts';
import { clockWords, compareReadings, parseShift, readingWords } from '../timeline/reread.ts';
import { movesView, type Shown } from '../timeline/reread-view.ts';
import { isZone } from '../timeline/stamp/zone.ts';
import type { ReadOptions, Timeline } from '../timeline/types.ts';
import { text } from '../view/build.ts';
import type { Form } from '../view/types.ts';
import { readEvidence } from './evidence.ts';
import { incidentOf } from './status.ts';
import { form, why } from './timeline-form.ts';
import { type Answer, type Call, type Message, one } from './types.ts';

/** What stands on the timeline from a piece of evidence, or would, and how to read it again. */
interface Standing {
  readonly item: Evidence;
  readonly timeline: Timeline;
  readonly options: ReadOptions;
  readonly addition: Addition | undefined;
}

const additionOf = (call: Call, evidence: string): Addition | undefined =>
  call.dossier?.timeline.additions.find((a) => a.evidence === evidence);

async function standing(call: Call): Promise<Standing | Refusal> {
  const key = one(call.args, 'evidence').toUpperCase();
  const addition = additionOf(call, key);
  const item = call.dossier?.evidence.items.find((i) => i.key === key);
  if (!addition?.isImport || !item) {
    const read = await readEvidence(call);
    if (isRefusal(read)) return read;
    const options = read.item.reading?.options ?? { now: call.services.now(), zone: 'UTC' };
    return { ...read, options, addition };
  }
  const timeline = await call.services.intake.result(addition.result);
  if (!timeline) return refuse('not-read', `What was imported from ${key} is gone from the data folder.`);
  const last = call.dossier?.timeline.rereadings.findLast((r) => r.evidence === key);
  const options = last?.options ?? { now: call.services.now(), zone: 'UTC', zoneIsKnown: true };
  return { item, timeline, options, addition };
}

const shiftField = ({ overrides }: ReadOptions, label: string): Form['fields'][number] => ({
  kind: 'line',
  name: 'offset',
  label,
  hint: 'Added to every time: 90s when the clock was 90 seconds slow, -2h when it was two hours fast, 1h30m',
  isRequired: false,
  value: clockWords(overrides?.clockOffsetMs ?? 0),
});

const fieldsOfLog = (was: ReadOptions): Form['fields'] => [
  { kind: 'line', name: 'zone', label: 'Zone of times that state none', isRequired: true, value: was.zone },
  {
    kind: 'choice',
    name: 'sure',
    label: 'That zone, left as it is,',
    isRequired: true,
    value: was.zoneIsKnown ? 'known' : 'assumed',
    choices: [
      { value: 'assumed', label: 'is assumed: keep the mark ~' },
      { value: 'known', label: 'is right: I know it' },
    ],
  },
  {
    kind: 'line',
    name: 'year',
    label: 'Year of times that state none',
    hint: 'Of its first line; months after a New Year are of the next. Empty: the nearest past',
    isRequired: false,
    value: String(was.overrides?.year ?? ''),
  },
  {
    kind: 'choice',
    name: 'order',
    label: 'Dates like 03/04',
    isRequired: true,
    value: was.overrides?.dayMonthOrder ?? 'auto',
    choices: [
      { value: 'auto', label: 'Decide by the lines around' },
      { value: 'dayFirst', label: 'Day first: 3 April' },
      { value: 'monthFirst', label: 'Month first: 4 March' },
    ],
  },
  shiftField(was, 'Clock of this source is off by'),
];

function ask(call: Call, { item, options, addition }: Standing): Answer {
  const isImport = addition?.isImport === true;
  const asked = form(
    call,
    isImport ? `Shift the clock of ${item.key}` : `Read ${item.key} differently`,
    'timeline restamp',
    isImport
      ? [shiftField(options, 'Its clock was off by'), { ...why, hint: 'Stands on record beside the times' }]
      : [...fieldsOfLog(options), why],
    { evidence: item.key },
  );
  if (asked.kind !== 'form') return asked;
  const intro = isImport
    ? `${item.key} was imported: its rows state their times in UTC. Its clock can be shifted, for all rows alike. Zone, year and order of the day were settled where it was exported: change them there and import again.`
    : `Read as ${readingWords(options)} until now. What moves is shown, told in the channel and kept beside the reading before.`;
  return { ...asked, form: { ...asked.form, intro: [text(intro)] } };
}

function optionsOf(call: Call, { options, addition }: Standing): ReadOptions | { errors: Record<string, string> } {
  const errors: Record<string, string> = {};
  const shift = parseShift(one(call.args, 'offset'));
  if (shift === null) errors['offset'] = 'Write a shift such as 90s, -2h, 1h30m or 1.5d: at most ten years.';
  const year = one(call.args, 'year').trim();
  if (year !== '' && !/^(19|20)\d\d$/.test(year)) errors['year'] = 'Write a year such as 2026, or leave it empty.';
  const zone = one(call.args, 'zone').trim() || options.zone;
  if (!isZone(zone)) errors['zone'] = 'Use an IANA zone such as Europe/Berlin.';
  if (Object.keys(errors).length > 0) return { errors };
  const order = one(call.args, 'order');
  const isZoneKnown = zone !== options.zone || one(call.args, 'sure') === 'known' || addition?.isImport === true;
  return {
    now: options.now,
    zone,
    ...(isZoneKnown ? { zoneIsKnown: true } : {}),
    overrides: {
      ...(year ? { year: Number(year) } : {}),
      ...(order === 'dayFirst' || order === 'monthFirst' ? { dayMonthOrder: order } : {}),
      ...(shift ? { clockOffsetMs: shift } : {}),
    },
  };
}

/** With the month in which the source begins, when a year was given: what comes after a New Year is of the next. */
function overNewYear({ services }: Call, { sha256 }: Evidence, options: ReadOptions): ReadOptions {
  if (options.overrides?.year === undefined) return options;
  const firstMonth = firstMonthOf(services.blobs.path(sha256), options);
  return firstMonth === null ? options : { ...options, overrides: { ...options.overrides, firstMonth } };
}

/** The rows of an import again, shifted. */
async function shiftedImport(call: Call, item: Evidence, options: ReadOptions): Promise<Timeline | Refusal> {
  const bytes = await call.services.blobs.read(item.sha256);
  if (!bytes) return refuse('not-read', `The bytes of ${item.key} are gone: they were erased.`);
  const read = importOf(bytes);
  return isRefusal(read) ? read : shifted(read.timeline, options.overrides?.clockOffsetMs ?? 0);
}

/** What became of a New Year in a source that a year was given for: passed, or not seen where the reading before had one. */
function newYearOf({ overrides }: ReadOptions, was: Timeline, is: Timeline): Shown['newYear'] {
  const isOver = ({ receipt }: Timeline): boolean => receipt.firstAt?.slice(0, 4) !== receipt.lastAt?.slice(0, 4);
  if (overrides?.year === undefined) return null;
  if (overrides.firstMonth !== undefined && isOver(is)) return { year: overrides.year };
  return was.receipt.assumed.year > 0 && isOver(was) ? 'unseen' : null;
}

export async function restamp(call: Call): Promise<Answer> {
  const known = await standing(call);
  if (isRefusal(known)) return known;
  const { item, addition } = known;
  if (one(call.args, 'reason') === '') return ask(call, known);
  const set = optionsOf(call, known);
  if ('errors' in set) return { kind: 'errors', errors: set.errors };
  const options = overNewYear(call, item, set);
  const incident = incidentOf(call);
  const { intake } = call.services;
  const fresh = addition?.isImport ? await shiftedImport(call, item, options) : await intake.derive(item, options);
  if (isRefusal(fresh)) return fresh;
  const reading = 'reading' in fresh ? fresh.reading : null;
  const timeline = 'reading' in fresh ? fresh.timeline : fresh;
  const result = reading?.result ?? (await intake.keepResult(timeline));
  const compared = compareReadings(known.timeline, timeline, addition?.lines ?? null);
  const reason = one(call.args, 'reason').trim();
  const shown = movesView({
    evidence: item.key,
    incident,
    ...compared,
    of: addition?.lines?.length ?? known.timeline.events.length,
    setTo: addition?.isImport ? `clock ${clockWords(options.overrides?.clockOffsetMs ?? 0)}` : readingWords(options),
    byHand: compared.moved.filter(({ is }) =>
      call.dossier?.timeline.revisions[derivedKey(item.key, is)]?.some((r) => r.occurredAt !== undefined),
    ).length,
    newYear: newYearOf(options, known.timeline, timeline),
    reason,
    by: call.recordActor,
  });
  const done = await call.services.act(incident, call.recordActor, (dossier) => {
    const readAgain = reading
      ? [
          {
            type: 'evidence.read',
            subject: item.key,
            body: {
              key: item.key,
              reading,
              assumed: timeline.receipt.assumed,
              manipulationLines: timeline.receipt.manipulationLines.slice(0, 200),
            },
          },
        ]
      : [];
    const stage = `read-${result.slice(0, 12)}`;
    if (!dossier.timeline.additions.some((a) => a.evidence === item.key))
      return { records: readAgain, say: call.services.receiptAgain(dossier, item.key, stage) };
    const records = decideTimeline(
      {
        do: 'restamp',
        evidence: item.key,
        result,
        options,
        moved: compared.moved.length,
        ...(compared.lines && String(compared.lines) !== String(addition?.lines) ? { lines: compared.lines } : {}),
        reason,
      },
      dossier.timeline,
      () => true,
    );
    if (isRefusal(records)) return records;
    const { conversation } = dossier.incident;
    const told: readonly Message[] =
      conversation && compared.moved.length > 0
        ? [
            {
              key: `restamp/${incident}/${item.key}/${dossier.version}`,
              message: { op: 'post', to: conversation, content: { kind: 'view', view: shown.told } },
            },
          ]
        : [];
    return {
      records: [...readAgain, ...records],
      say: [...call.services.receiptAgain(dossier, item.key, stage), ...told],
    };
  });
  return isRefusal(done) ? done : { kind: 'private', view: shown.view };
}
