// The review after an incident: from the record to a frozen version and its correction, as people write it.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { canonicalBytes, sha256Hex } from '../../src/audit/canonical.ts';
import type { Conversation, FormValues, Reply } from '../../src/chat/types.ts';
import { decideReview } from '../../src/review/decide.ts';
import { fitted } from '../../src/review/draft.ts';
import { noReviews } from '../../src/review/types.ts';
import { viewText } from '../../src/view/text.ts';
import { formOf, type Harness, harness, replyText } from '../harness.ts';

const LOG = `2026-11-19T08:15:30Z web-01 sshd[311]: Failed password for root from 203.0.113.9 port 4711 ssh2
2026-11-19T08:15:39Z web-01 sshd[312]: Accepted password for root from 203.0.113.9 port 4713 ssh2
`;
const WHOLE = {
  summary: 'Somebody guessed the password of root on web-01.',
  impact: 'None: the host held no data of customers.',
  factors: 'Password logins from anywhere were allowed.\nNobody looked at failed logins.',
  done: 'Ife blocked the address within nine minutes.',
  learned: 'The playbook was quicker than the call tree.',
  followUps: 'Keys only on web hosts; Tomas; by 1 December',
  highlights: '2026-11-19 08:15 UTC: the login [TE-2]',
};

describe('the review', () => {
  let h: Harness;
  let place: Conversation;
  beforeEach(async () => {
    h = await harness();
    place = (await h.open('mira', { title: 'Guessed password', summary: 'Root was used from abroad.' })).in;
  });
  afterEach(() => h.end());

  const type = (who: string, text: string): Promise<Reply> => h.type(who, text, { in: place });
  const said = async (who: string, text: string): Promise<string> => replyText(await type(who, text));
  const fill = async (who: string, text: string, values: FormValues): Promise<string> =>
    replyText(await h.submit(who, formOf(await type(who, text)), values, { in: place }));
  const reviews = async () => (await h.services.incidents.load('INC-1')).state.review;
  /** Reads the draft and presses the button under it. */
  const publish = async (): Promise<string> => {
    await said('mira', 'review publish');
    return replyText(await h.press('mira', 'Publish', { in: place }));
  };
  const published = async (): Promise<void> => {
    await said('tomas', 'review draft');
    await fill('tomas', 'review edit', WHOLE);
    await publish();
  };

  it('is drafted from the record: what was verified and done is told, what went otherwise is asked', async () => {
    await h.type('tomas', 'log', { in: place, files: [{ name: 'auth.log', bytes: new TextEncoder().encode(LOG) }] });
    await said('tomas', 'finding add Root logged in from abroad [EV-1:2]');
    await said('tomas', 'finding add It was the night shift [EV-1:1]');
    await said('tomas', 'finding add Nothing was copied [EV-1:1]');
    await fill('ife', 'finding verify FI-1', { method: 'Read the line', cites: 'EV-1:2', second: '' });
    await fill('ife', 'finding refute FI-2', { method: 'They were off duty', cites: 'EV-1:1' });
    await said('mira', 'step start compromised-credentials');
    await said('tomas', 'step skip confirm-with-owner the owner is on a plane');
    await fill('mira', 'finding question Who else logged in?', {
      text: 'Who else logged in?',
      answerer: '',
      due: '',
      evidenceWanted: '',
    });
    const text = await said('tomas', 'review draft');
    const part = (title: string): string => text.slice(text.indexOf(title.toUpperCase())).split('\n\n')[1] ?? '';
    expect(text).toContain('Root was used from abroad.');
    expect(text).toContain('Root logged in from abroad [FI-1]');
    expect(part('What we learned')).toContain('To discuss: it was believed and then refuted: "It was the night shift"');
    expect(part('What we learned')).toContain('was skipped: the owner is on a plane');
    expect(part('Follow-ups')).toContain('Find out: Who else logged in? [QU-1]');
    expect(part('What was done')).toContain('PR-1 Compromised credentials: 1 of');
    // What nobody verified is no fact of the review.
    expect(text).not.toContain('Nothing was copied');
  });

  it('is not published while a section is empty or a line waits for words', async () => {
    await said('tomas', 'review draft');
    expect(await said('mira', 'review publish')).toContain('It cannot be published yet');
    await fill('tomas', 'review edit', { ...WHOLE, learned: 'To discuss: the call tree', followUps: '' });
    expect(await said('mira', 'review')).toContain('"What we learned" has a line to discuss');
    expect(await said('mira', 'review')).toContain('"Follow-ups" is empty. Write "None" and why');
    expect((await reviews()).published).toEqual([]);
  });

  it('published is frozen: no draft, no edit, and its digest follows from the words', async () => {
    await published();
    const [version] = (await reviews()).published;
    const { body, corrects } = version!;
    expect(version).toMatchObject({ key: 'RV-1', version: 1, corrects: null, by: { id: 'mira' } });
    expect(version?.digest).toBe(sha256Hex(canonicalBytes({ incident: 'INC-1', version: 1, body, corrects } as never)));
    expect(await said('mira', 'review draft')).toContain('RV-1 is published and stays as it is');
    expect(await said('mira', 'review edit')).toContain('There is no draft');
    expect(h.chat.messages.map((m) => (m.view ? viewText(m.view.view) : '')).join('\n')).toContain(
      'RV-1: the review of INC-1 is published by Mira Sample',
    );
    expect(await said('noor', 'review')).toContain('Password logins from anywhere were allowed.');
  });

  it('publishes what was read: a draft that changed meanwhile is read again', async () => {
    await said('tomas', 'review draft');
    await fill('tomas', 'review edit', WHOLE);
    await said('mira', 'review publish');
    await fill('tomas', 'review edit impact', { impact: 'All orders of a day were lost.' });
    expect(replyText(await h.press('mira', 'Publish', { in: place }))).toContain(
      'Tomas Sample changed the draft meanwhile',
    );
    expect((await reviews()).published).toEqual([]);
  });

  it('loses nobody’s words: who saves over another’s change keeps the form', async () => {
    await said('tomas', 'review draft');
    const mine = formOf(await type('ife', 'review edit learned'));
    await fill('tomas', 'review edit impact', { impact: 'None at all.' });
    expect(await h.submit('ife', mine, { learned: 'Look at failed logins.' }, { in: place })).toMatchObject({
      kind: 'errors',
      errors: { learned: expect.stringContaining('Tomas Sample changed the draft meanwhile') },
    });
    expect((await reviews()).draft?.body.impact).toEqual(['None at all.']);
  });

  it('is put right by a correction that names what it corrects; the old version stays and says so', async () => {
    await published();
    expect(await said('mira', 'review correct It was two addresses')).toContain('DRAFT, NOT PUBLISHED');
    expect(await publish()).toContain('It says what RV-1 says');
    await fill('tomas', 'review edit done', { done: 'Ife blocked both addresses.' });
    await publish();
    const [first, second] = (await reviews()).published;
    expect(second).toMatchObject({
      key: 'RV-2',
      version: 2,
      corrects: { key: 'RV-1', digest: first?.digest, reason: 'It was two addresses' },
    });
    expect(first?.body.done).toEqual([WHOLE.done]);
    expect(await said('noor', 'review RV-1')).toContain('Corrected by RV-2: It was two addresses');
    expect(await said('noor', 'review')).toContain('Ife blocked both addresses.');
  });

  it.each(['md', 'html'] as const)(
    'leaves as %s with where it is from, and nothing in it comes alive',
    async (format) => {
      await said('tomas', 'review draft');
      await fill('tomas', 'review edit', {
        ...WHOLE,
        impact: '<img src=x onerror=alert(1)> [click](https://evil.example/a) @channel **bold** password=hunter2horse',
      });
      await publish();
      const reply = await type('mira', `review export ${format}`);
      if (reply.kind !== 'private' || !reply.file) throw new Error(replyText(reply));
      const written = new TextDecoder().decode(reply.file.bytes);
      const [version] = (await reviews()).published;
      expect(reply.file.name).toBe(`inc-1-review-1.${format}`);
      expect(written).toContain(version?.digest);
      expect(written).toMatch(/Published as RV-1 by Mira Sample/);
      expect(written).toMatch(/Exported by Mira Sample/);
      expect(written).toContain('What we learned');
      const alive = format === 'md' ? /(?<!\\)[<*`]|(?<!\\)\]\(/ : /<img|<a |href/;
      expect(written).not.toMatch(alive);
      expect(written).not.toMatch(/https:\/\/evil|hunter2|(?<!\[)@channel/);
      const record = (await h.services.store.readStream('INC-1', 0)).at(-1)?.record;
      expect(record).toMatchObject({
        type: 'review.exported',
        body: { key: 'RV-1', sha256: sha256Hex(reply.file.bytes) },
      });
    },
  );

  it('says on the file of a corrected version which one to read instead, and of an exercise that nothing is real', async () => {
    await h.open('mira', { title: 'Night shift', kind: 'exercise' });
    place = (await h.services.incidents.load('EX-1')).state.incident.conversation as Conversation;
    await said('tomas', 'review draft');
    await fill('tomas', 'review edit', WHOLE);
    await publish();
    await said('mira', 'review correct a typo');
    await fill('tomas', 'review edit done', { done: 'Ife blocked the address.' });
    await publish();
    const reply = await type('mira', 'review export md RV-1');
    if (reply.kind !== 'private' || !reply.file) throw new Error(replyText(reply));
    const written = new TextDecoder().decode(reply.file.bytes);
    expect(written).toContain('This version was corrected: read RV-2 instead');
    expect(written).toContain('EXERCISE. Nothing here is real.');
  });

  it('is written by responders, published by the commander, and exported by those who may', async () => {
    expect(await said('bo', 'review draft')).toContain('is for responders');
    await said('tomas', 'review draft');
    await fill('tomas', 'review edit', WHOLE);
    expect(await said('tomas', 'review publish')).toContain('is for the commander or the deputy');
    await publish();
    expect(await said('tomas', 'review export md')).toContain(
      'is for the commander, the deputy, the scribe, or an auditor',
    );
    const bot = { kind: 'bot', platform: 'web', tenant: 'local', id: 'b', label: 'Bot' } as const;
    expect(decideReview({ do: 'draft', body: {} as never, isAgain: false }, noReviews, bot)).toMatchObject({
      kind: 'refused',
      code: 'not-human',
    });
  });

  it('stands on the pinned card once it is time for it', async () => {
    expect(await said('mira', 'status')).not.toContain('[Review]');
    await said('mira', 'status phase review it is over');
    expect(await said('mira', 'status')).toMatch(/Review: not written yet[\s\S]*\[Review\]/);
    await said('tomas', 'review draft');
    expect(await said('mira', 'status')).toContain('Review: a draft is being written');
  });

  it('a draft fits a form of every platform, and says what it left in the record', () => {
    const many = fitted(Array.from({ length: 200 }, (_, i) => `${i} ${'x'.repeat(900)}`));
    expect(many.join('\n').length).toBeLessThanOrEqual(3000);
    expect(many.at(-1)).toMatch(/^\d+ more in the record of the incident\.$/);
  });
});
