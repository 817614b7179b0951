// One incident, two platforms: what every chat adapter must let people do, told once.
import { describe, expect, it } from 'vitest';
import type { Services } from '../../src/commands/types.ts';

/** People at a chat, however it looks. Keys are those of the sample organisation. */
export interface PeopleAtChat {
  readonly services: Services;
  /** Everybody's shared conversation of the incident, once it is open. */
  open(who: string, values: Readonly<Record<string, string>>): Promise<void>;
  type(who: string, text: string): Promise<void>;
  /** Gives lines as pasted text, as a snippet or as an upload. */
  give(who: string, how: 'text' | 'snippet' | 'upload', name: string, lines: string): Promise<void>;
  press(who: string, label: string | RegExp): Promise<void>;
  /** Fills in the form that opened for them. */
  fill(who: string, values: Readonly<Record<string, string | readonly string[]>>): Promise<void>;
  /** Everything somebody can read in the conversation or was told alone, as words. */
  reads(who: string): string;
  /** Names of the files that reached somebody. */
  files(who: string): readonly string[];
  settled(): Promise<void>;
  end(): Promise<void>;
}

const AUTH = [
  'Nov 19 08:15:30 web-01 sshd[311]: Failed password for root from 203.0.113.9 port 4711 ssh2',
  'Nov 19 08:15:39 web-01 sshd[312]: Accepted password for root from 203.0.113.9 port 4713 ssh2',
  '',
].join('\n');
const ACCESS =
  '203.0.113.9 - - [19/Nov/2026:08:16:02 +0100] "GET /admin?x=<script> HTTP/1.1" 200 512 "-" "curl/8.5"\n'.repeat(400);
const APP = '2026-11-19T07:20:00Z web-01 shop: order export started by admin & finished <ok>\n';

/** Runs the scenario on what `start` gives. */
export function chatContract(name: string, start: () => Promise<PeopleAtChat>): void {
  describe(`the chat contract on ${name}`, () => {
    it('carries an incident from opening to its export', async () => {
      const chat = await start();
      try {
        await story(chat);
      } finally {
        await chat.end();
      }
    }, 60_000);
  });
}

async function story(chat: PeopleAtChat): Promise<void> {
  const types = async (prefix: string): Promise<readonly string[]> =>
    (await chat.services.store.find({ incident: 'INC-1', typePrefix: prefix })).map((r) => r.record.type);
  const state = async () => (await chat.services.incidents.load('INC-1')).state;

  await chat.open('mira', { title: 'Odd logins <!channel>', severity: 'SEV3' });
  expect(await chat.services.incidentKeys()).toEqual(['INC-1']);
  expect(chat.reads('bo')).toContain('Odd logins');

  // Three sources, three ways in, each byte for byte.
  await chat.give('tomas', 'text', 'paste', AUTH);
  await chat.give('tomas', 'snippet', 'access.log', ACCESS);
  await chat.give('noor', 'upload', 'app.log', APP);
  const { evidence } = await state();
  const kept = await Promise.all(
    evidence.items.map(async (i) => Buffer.from((await chat.services.blobs.read(i.sha256)) ?? []).toString()),
  );
  expect(kept.map((k) => k.trim())).toEqual([AUTH.trim(), ACCESS.trim(), APP.trim()]);
  await chat.type('tomas', 'log preview EV-1');
  await chat.fill('tomas', { zone: 'Europe/Berlin', which: 'all' });
  expect((await state()).timeline.additions.map((a) => a.evidence)).toEqual(['EV-1']);
  await chat.type('bo', 'timeline');
  expect(chat.reads('bo')).toContain('Accepted password for root');

  await chat.type('mira', 'step start compromised-credentials');
  await chat.type('tomas', 'step skip confirm-with-owner the owner is on a plane');
  await chat.type('bo', 'step all');
  expect(chat.reads('bo')).toContain('the owner is on a plane');

  // What cannot be undone needs two people, each typing the target's name; the proposer is not one of them.
  await chat.type('tomas', 'contain rotate-key deploy-key-7');
  await chat.fill('tomas', {
    targets: 'deploy-key-7',
    'param.overlap-minutes': '0',
    reason: 'The deploy key of the build host was read by the attacker',
    'keep.usage': 'kept',
    'keep.usage.note': 'Exported to the case folder',
    executor: 'tomas',
  });
  expect(await types('containment.proposed')).toHaveLength(1);
  expect(chat.reads('ife')).toContain('Your approval is asked for');
  await chat.press('tomas', /^Approve/);
  expect(await types('approval.voted')).toHaveLength(0);
  await chat.press('bo', /^Approve/);
  expect(await types('approval.voted')).toHaveLength(0);
  for (const who of ['ife', 'noor']) {
    await chat.press(who, /^Approve/);
    await chat.fill(who, { typedTarget: 'deploy-key-7' });
  }
  expect(await types('approval.granted')).toHaveLength(1);
  // What they were asked alone says what came of it.
  await chat.settled();
  for (const who of ['ife', 'noor']) {
    expect(chat.reads(who)).toContain('Nothing is asked of you here any more');
    expect(chat.reads(who)).not.toContain('Read it and decide');
  }
  const voters = (await chat.services.store.find({ incident: 'INC-1', typePrefix: 'approval.voted' })).map(
    (r) => r.record.actor,
  );
  expect(new Set(voters.map((v) => v.label)).size).toBe(2);
  expect(voters.every((v) => v.kind === 'human')).toBe(true);

  await chat.press('tomas', 'I carry it out now');
  await chat.press('tomas', 'Record the outcome');
  await chat.fill('tomas', OUTCOME);
  expect(await types('execution.')).toEqual(expect.arrayContaining(['execution.started', 'execution.succeeded']));

  await chat.type('mira', 'notice draft executive');
  await chat.type('mira', 'notice review NO-1');
  await chat.fill('mira', { note: '' });
  expect(await types('notice.')).toEqual(['notice.drafted', 'notice.reviewed']);

  await chat.type('mira', 'audit export jsonl');
  expect(chat.files('mira').some((f) => f.endsWith('.jsonl'))).toBe(true);
}

const OUTCOME = { result: 'executed', summary: 'The old key answers with 401', evidence: '' } as const;
