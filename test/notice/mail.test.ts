import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMailer, type Mailer } from '../../src/notice/mail.ts';
import { viewText } from '../../src/view/text.ts';
import { formOf, type Harness, harness, replyText } from '../harness.ts';

const ORGANISATION = readFileSync('countersign.example.yml', 'utf8').replace(
  'executive: { tlp: AMBER }',
  'executive: { tlp: AMBER, emails: [leads@outfitters.example, board@outfitters.example] }',
);

describe('notices by mail, against a real SMTP server', () => {
  let server: SMTPServer;
  let letters: { to: string; text: string }[];
  let refusals: number;
  /** How often letters to the board are still refused. */
  let failing: number;
  let mailer: Mailer;
  let h: Harness;

  beforeEach(async () => {
    letters = [];
    refusals = 0;
    failing = 0;
    server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onData(stream, session, done) {
        let text = '';
        stream.setEncoding('utf8');
        stream.on('data', (part: string) => {
          text += part;
        });
        stream.on('end', () => {
          const isBoard = session.envelope.rcptTo.some((r) => r.address.startsWith('board'));
          if (isBoard && failing > 0) {
            failing -= 1;
            done(Object.assign(new Error('mailbox busy'), { responseCode: 450 }));
            return;
          }
          if (refusals > 0) {
            refusals -= 1;
            done(Object.assign(new Error('try again later'), { responseCode: 451 }));
            return;
          }
          letters.push({ to: session.envelope.rcptTo.map((r) => r.address).join(','), text });
          done();
        });
      },
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.server.address() as AddressInfo;
    mailer = createMailer(`smtp://127.0.0.1:${port}`, 'countersign@outfitters.example');
    h = await harness({ organisation: ORGANISATION, mail: mailer.send });
  });
  afterEach(async () => {
    await h.end();
    mailer.close();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });

  const sendNotice = async (): Promise<string> => {
    const { in: place } = await h.open('mira', { title: 'Odd logins' });
    await h.type('mira', 'finding add Orders are stuck since noon', { in: place });
    await h.type('mira', 'notice draft executive', { in: place });
    await h.submit(
      'mira',
      formOf(await h.type('mira', 'notice review NO-1', { in: place })),
      { note: '' },
      { in: place },
    );
    const form = formOf(await h.type('mira', 'notice send NO-1', { in: place }));
    return replyText(await h.submit('mira', form, { byHand: '' }, { in: place }));
  };

  it('goes to every address once, with the label first and no link to press', async () => {
    expect(await sendNotice()).toContain('SENT by Mira Sample');
    expect(letters.map((l) => l.to).sort()).toEqual(['board@outfitters.example', 'leads@outfitters.example']);
    const text = letters[0]?.text ?? '';
    expect(text).toContain('Subject: [TLP:AMBER] Example Outfitters');
    expect(text).toContain('Not verified: Orders are stuck since noon');
    expect(text).not.toMatch(/https?:/);
  });

  it('is tried again when the server is busy, and then comes once', async () => {
    refusals = 1;
    await sendNotice();
    expect(letters).toHaveLength(1);
    h.clock.now += 5000;
    await h.settled();
    expect(letters).toHaveLength(2);
    h.clock.now += 600_000;
    await h.settled();
    expect(letters).toHaveLength(2);
  });

  it('says on its card that it has not arrived, and takes that back when it has', async () => {
    failing = 6;
    await sendNotice();
    const card = (): string => {
      const m = h.chat.messages.find((p) => p.key.startsWith('notice/INC-1/NO-1/notice.drafted'));
      return m?.view ? viewText(m.view.view) : '';
    };
    expect(card()).not.toContain('NOT ARRIVED');
    while (failing > 0) {
      h.clock.now += 120_000;
      await h.settled();
    }
    await h.settled();
    expect(card()).toContain('NOT ARRIVED at board@outfitters.example');
    h.clock.now += 600_000;
    await h.settled();
    await h.settled();
    expect(letters).toHaveLength(2);
    expect(card()).not.toContain('NOT ARRIVED');
    const records = await h.services.store.find({ incident: 'INC-1', typePrefix: 'notice.' });
    expect(records.map((r) => r.record.type).filter((t) => t.includes('deliver'))).toEqual([
      'notice.undelivered',
      'notice.delivered-late',
    ]);
  });

  it('carries the same Message-ID when it has to be sent again', async () => {
    const letter = { key: 'notice/INC-1/NO-1/out/a@b.example', to: 'a@b.example', subject: 'x', text: 'y' };
    await mailer.send(letter);
    await mailer.send(letter);
    const ids = letters.map((l) => /Message-ID: (\S+)/.exec(l.text)?.[1]);
    expect(ids[0]).toBe(ids[1]);
    expect(ids[0]).toMatch(/^<[0-9a-f]{40}@outfitters\.example>$/);
  });

  it('says before sending whom nobody reaches when no mail server is set', async () => {
    await h.end();
    h = await harness({ organisation: ORGANISATION });
    const { in: place } = await h.open('mira');
    await h.type('mira', 'notice draft executive', { in: place });
    await h.submit(
      'mira',
      formOf(await h.type('mira', 'notice review NO-1', { in: place })),
      { note: '' },
      { in: place },
    );
    const form = formOf(await h.type('mira', 'notice send NO-1', { in: place }));
    expect(JSON.stringify(form.form.intro)).toContain('No mail server is set, so leads@outfitters.example');
    expect(form.form.fields.find((f) => f.name === 'byHand')?.isRequired).toBe(true);
  });
});
