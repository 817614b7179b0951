import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret, TOTP } from 'otpauth';
import { afterEach, describe, expect, it } from 'vitest';
import { createStepUp, enrol, totpPath, unenrol } from '../../src/containment/totp.ts';
import { buttonsOf } from '../../src/view/build.ts';
import { organisation, replyText, START, World } from './world.ts';

let world: World | null = null;
let folder = '';
afterEach(async () => {
  await world?.close();
  world = null;
  if (folder) rmSync(folder, { recursive: true, force: true });
  folder = '';
});

const codeFor = (address: string, at: number): string => {
  const secret = new URL(address).searchParams.get('secret')!;
  return new TOTP({ secret: Secret.fromBase32(secret), algorithm: 'SHA1', digits: 6, period: 30 }).generate({
    timestamp: at,
  });
};

async function given(): Promise<World> {
  folder = mkdtempSync(join(tmpdir(), 'step-up-'));
  let made: World | null = null;
  made = await World.make({
    organisation: organisation(['step_up: "off"', 'step_up: always']),
    stepUp: { check: (person, code) => createStepUp(folder, made!.store, () => made!.nowMs).check(person, code) },
  });
  world = made;
  return made.open();
}

describe('a code besides the chat account', () => {
  it('RFC 6238, appendix B: the published codes are accepted at their times', () => {
    const secret = Secret.fromLatin1('12345678901234567890');
    const totp = new TOTP({ secret, algorithm: 'SHA1', digits: 8, period: 30 });
    for (const [seconds, code] of [
      [59, '94287082'],
      [1111111109, '07081804'],
      [1234567890, '89005924'],
      [20000000000, '65353130'],
    ] as const)
      expect(totp.generate({ timestamp: seconds * 1000 })).toBe(code);
  });

  it('beyond B18: without a code, with a wrong, an old or a used one nothing is approved; the right one counts once', async () => {
    const w = await given();
    const address = enrol(folder, 'mira');
    const key = await w.propose();
    expect(replyText(await w.pressAndFill('mira', key, /^Approve/, { code: '' }))).toContain('not accepted');
    expect(replyText(await w.pressAndFill('mira', key, /^Approve/, { code: '000000' }))).toContain('not accepted');
    expect(
      replyText(await w.pressAndFill('mira', key, /^Approve/, { code: codeFor(address, START - 120_000) })),
    ).toContain('not accepted');
    const good = codeFor(address, w.nowMs);
    await w.pressAndFill('mira', key, /^Approve/, { code: good });
    expect(await w.request(key)).toMatchObject({ state: 'granted', votes: [{ isSteppedUp: true }] });
    const second = await w.propose('tomas', 'release-host', {
      targets: 'web-01',
      reason: 'It has been cleaned.',
      executor: 'tomas',
    });
    expect(replyText(await w.pressAndFill('mira', second, /^Approve/, { code: good }))).toContain('codes work once');
    expect(await w.refusals()).toEqual(['step-up-failed', 'step-up-failed', 'step-up-failed', 'step-up-failed']);
  });

  it('beyond B18: no code and no secret is stored, echoed or shown anywhere', async () => {
    const w = await given();
    const address = enrol(folder, 'mira');
    const secret = new URL(address).searchParams.get('secret')!;
    const good = codeFor(address, w.nowMs);
    const key = await w.propose();
    await w.pressAndFill('mira', key, /^Approve/, { code: '731946' });
    await w.pressAndFill('mira', key, /^Approve/, { code: good });
    await w.settle();
    const rows =
      JSON.stringify(await w.store.find({})) + JSON.stringify(w.chat.messages) + JSON.stringify(w.chat.privately);
    for (const hidden of [secret, good, '731946']) expect(rows.includes(hidden), hidden).toBe(false);
    const files = readdirSync(w.folder).filter((f) => f.startsWith('countersign.db'));
    for (const file of files) expect(readFileSync(join(w.folder, file)).includes(secret)).toBe(false);
    expect(buttonsOf(w.card(key).view.view).some((b) => b.label.includes(good))).toBe(false);
  });

  it('the secret file is readable by its owner alone, is refused otherwise, and five wrong codes pause a person', async () => {
    const w = await given();
    enrol(folder, 'mira');
    expect(statSync(totpPath(folder)).mode & 0o777).toBe(0o600);
    const stepUp = createStepUp(folder, w.store, () => w.nowMs);
    expect(await stepUp.check('ife', '123456')).toBe('not-enrolled');
    const address = enrol(folder, 'mira');
    for (let i = 0; i < 5; i += 1) expect(await stepUp.check('mira', 'nonsense')).toBe('wrong');
    expect(await stepUp.check('mira', codeFor(address, w.nowMs))).toBe('wrong');
    w.nowMs += 301_000;
    expect(await stepUp.check('mira', codeFor(address, w.nowMs))).toBe('passed');
    expect(unenrol(folder, 'mira')).toBe(true);
    expect(await stepUp.check('mira', codeFor(address, w.nowMs))).toBe('not-enrolled');
  });
});
