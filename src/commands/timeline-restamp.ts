// Reading evidence under another assumption: what moved is shown, and the reading before stays on record.
import { isRefusal } from '../refusal.ts';
import { decideTimeline } from '../timeline/decide.ts';
import { spotOf, spotText } from '../timeline/spot.ts';
import type { ReadOptions } from '../timeline/types.ts';
import { actions, button, notice, text, view } from '../view/build.ts';
import { readEvidence } from './evidence.ts';
import { incidentOf } from './status.ts';
import { form, why } from './timeline-form.ts';
import { type Answer, type Call, one } from './types.ts';

export async function restamp(call: Call): Promise<Answer> {
  const read = await readEvidence(call);
  if (isRefusal(read)) return read;
  const { item, timeline } = read;
  const was = item.reading?.options;
  if (!was) return { kind: 'none' };
  if (one(call.args, 'reason') === '') {
    return form(
      call,
      `Read ${item.key} differently`,
      'timeline restamp',
      [
        { kind: 'line', name: 'zone', label: 'Zone of times that state none', isRequired: true, value: was.zone },
        {
          kind: 'line',
          name: 'year',
          label: 'Year of times that state none',
          hint: 'Empty: the nearest past',
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
            { value: 'dayFirst', label: 'Day first' },
            { value: 'monthFirst', label: 'Month first' },
          ],
        },
        {
          kind: 'line',
          name: 'offset',
          label: 'Clock of this source is off by (seconds)',
          hint: 'Added to every time: 90 if its clock is 90 s slow',
          isRequired: false,
          value: String((was.overrides?.clockOffsetMs ?? 0) / 1000),
        },
        why,
      ],
      { evidence: item.key },
    );
  }
  const year = one(call.args, 'year').trim();
  const offset = Number(one(call.args, 'offset') || 0);
  const order = one(call.args, 'order');
  const errors: Record<string, string> = {};
  if (year !== '' && !/^(19|20)\d\d$/.test(year)) errors['year'] = 'Write a year such as 2026, or leave it empty.';
  if (!Number.isFinite(offset) || Math.abs(offset) > 366 * 86_400) errors['offset'] = 'Write seconds, at most a year.';
  const zone = one(call.args, 'zone').trim();
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
  } catch {
    errors['zone'] = 'Use an IANA zone such as Europe/Berlin.';
  }
  if (Object.keys(errors).length > 0) return { kind: 'errors', errors };
  const overrides = {
    ...(year ? { year: Number(year) } : {}),
    ...(order === 'dayFirst' || order === 'monthFirst' ? { dayMonthOrder: order as 'dayFirst' | 'monthFirst' } : {}),
    ...(offset !== 0 ? { clockOffsetMs: Math.round(offset * 1000) } : {}),
  };
  const options: ReadOptions = { now: was.now, zone, zoneIsKnown: true, overrides };
  const fresh = await call.services.intake.derive(item, options);
  const before = new Map(timeline.events.map((e) => [spotOf(e), e.occurredAt]));
  const moved = fresh.timeline.events.filter((e) => before.get(spotOf(e)) !== e.occurredAt);
  const result = fresh.reading.result;
  const done = await call.services.act(incidentOf(call), call.recordActor, (dossier) => {
    const readAgain = {
      type: 'evidence.read',
      subject: item.key,
      body: {
        key: item.key,
        reading: fresh.reading,
        assumed: fresh.timeline.receipt.assumed,
        manipulationLines: fresh.timeline.receipt.manipulationLines.slice(0, 200),
      },
    };
    if (!dossier.timeline.additions.some((a) => a.evidence === item.key)) return { records: [readAgain] };
    const records = decideTimeline(
      { do: 'restamp', evidence: item.key, result, options, moved: moved.length, reason: one(call.args, 'reason') },
      dossier.timeline,
      () => true,
    );
    return isRefusal(records)
      ? records
      : {
          records: [readAgain, ...records],
          say: call.services.receiptAgain(dossier, item.key, `read-${result.slice(0, 12)}`),
        };
  });
  if (isRefusal(done)) return done;
  const examples = moved
    .slice(0, 5)
    .map((e) => text(`line ${spotText(e)}: ${before.get(spotOf(e)) ?? 'new'} is now ${e.occurredAt}`));
  return {
    kind: 'private',
    view: view(`${moved.length} events of ${item.key} moved`, [
      notice(
        'info',
        `${moved.length} of ${fresh.timeline.events.length} events of ${item.key} moved. The reading before stays on record.`,
      ),
      ...examples,
      actions(button('Timeline', 'timeline', { incident: incidentOf(call) })),
    ]),
  };
}
