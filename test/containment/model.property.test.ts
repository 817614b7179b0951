// Random histories of people, clicks, edits, clock jumps, a changing directory, policy edits and crashes. Whatever happens,
// nothing starts without an approval that an independent reading of the records finds valid.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LedgerRecord } from '../../src/audit/record.ts';
import {
  decidePropose,
  decideVoid,
  effectiveNow,
  plusMinutes,
  type Ruling,
  type Setting,
} from '../../src/containment/decide.ts';
import {
  type ApprovePress,
  type DirectoryFact,
  decideApprove,
  decideBreakGlass,
  decideDeny,
} from '../../src/containment/decide-approval.ts';
import { decideStop, decideWithdraw } from '../../src/containment/decide-pending.ts';
import { decideDispute, decideOutcome, decideStart, decideUnknown } from '../../src/containment/decide-run.ts';
import { evolveContainments } from '../../src/containment/evolve.ts';
import { noDemands } from '../../src/containment/source.ts';
import { type ContainmentRecord, type Containments, noContainments } from '../../src/containment/types.ts';
import { noFindings } from '../../src/finding/types.ts';
import { noIncident } from '../../src/incident/types.ts';
import { organisation, START } from './world.ts';

const base = organisation([
  'break_glass: { enabled: false }',
  'break_glass: { enabled: true, people: [tomas], reviewers: [mira, ife] }',
]).organisation;
const PEOPLE = ['mira', 'tomas', 'ife', 'noor', 'bo', 'intruder'] as const;
const ACTIONS = ['isolate-host', 'remove-persistence'] as const;

const who = fc.constantFrom(...PEOPLE);
// Mostly the newest: a history that decides nothing shows nothing.
const nth = fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat({ max: 5 }) });
const rarely = fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) });
const mostlyTomas = fc.oneof({ weight: 4, arbitrary: fc.constant('tomas' as const) }, { weight: 1, arbitrary: who });
const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('propose' as const),
      who: mostlyTomas,
      action: fc.constantFrom(...ACTIONS),
      target: fc.constantFrom('web-01', 'bastion-01'),
      replaces: fc.option(nth, { nil: null, freq: 2 }),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('approve' as const),
      who,
      nth,
      isStale: rarely,
      isMisplaced: rarely,
      standing: fc.constantFrom('member', 'member', 'member', 'guest', 'bot', 'unknown'),
      types: fc.constantFrom(true, true, false),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('deny' as const), who, nth }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('withdraw' as const), who, nth }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('glass' as const), who, nth }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('dispute' as const), who, nth }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('start' as const), who: mostlyTomas, nth }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('outcome' as const), who, nth }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('clock' as const),
      minutes: fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: -90, max: 90 })),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('directory' as const),
      who,
      fact: fc.constantFrom('member', 'gone', 'unavailable', 'guest'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('policy' as const), list: fc.subarray(['mira', 'ife', 'noor', 'bo']) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('stop', 'resume', 'close', 'reopen', 'crash', 'sweep') }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const ref = (id: string) => ({ platform: 'web', tenant: 'local', id, label: id });

/** The world a history runs in: only records survive a crash. */
class History {
  readonly records: LedgerRecord[] = [];
  slice: Containments = noContainments;
  nowMs = START;
  policy = 'policy-0';
  org = base;
  isClosed = false;
  readonly facts = new Map<string, DirectoryFact>();
  readonly started: {
    readonly request: string;
    readonly at: number;
    readonly seq: number;
    readonly facts: ReadonlyMap<string, DirectoryFact>;
    readonly policy: string;
    readonly org: typeof base;
    readonly isClosed: boolean;
    readonly nowAt: string;
  }[] = [];

  setting(): Setting {
    const incident = {
      ...noIncident,
      key: 'INC-1',
      phase: this.isClosed ? ('closed' as const) : ('triage' as const),
      conversation: { platform: 'web', tenant: 'local', id: 'r' },
    };
    return {
      org: this.org,
      policy: this.policy,
      nowAt: effectiveNow(this.slice, new Date(this.nowMs).toISOString()),
      incident,
      slice: this.slice,
      finding: noFindings,
    };
  }

  append(records: readonly ContainmentRecord[], actor: string): void {
    for (const r of records) {
      const ts = this.setting().nowAt;
      const record = {
        ...r,
        seq: this.records.length,
        version: this.records.length + 1,
        ts,
        actor: { ...ref(actor), kind: 'human' },
      } as unknown as LedgerRecord;
      this.records.push(record);
      this.slice = evolveContainments(this.slice, record);
    }
  }

  rule(ruling: Ruling, actor: string): void {
    this.append(ruling.records, actor);
  }

  crash(): void {
    this.slice = this.records.reduce(evolveContainments, noContainments);
  }

  directory = (p: { readonly id: string }): DirectoryFact => this.facts.get(p.id) ?? 'member';
}

function run(h: History, s: Step): void {
  const pick = (n: number) => h.slice.all.at(-1 - (h.slice.all.length === 0 ? 0 : n % h.slice.all.length));
  const press = (id: string, digest: string, more: Partial<ApprovePress> = {}): ApprovePress => ({
    by: ref(id),
    standing: 'member',
    digest,
    isFullText: false,
    misplaced: null,
    directory: h.directory,
    isSourceCurrent: () => true,
    via: 'model',
    typedTarget: '',
    stepUp: 'not-asked',
    ...more,
  });
  switch (s.do) {
    case 'propose': {
      const old = s.replaces === null ? undefined : pick(s.replaces);
      const draft = {
        action: s.action,
        asked: [s.target],
        parameters: {},
        reason: 'because of what we saw',
        evidence: [],
        preservation: [],
        executor: 'tomas',
        source: { kind: 'person' as const },
        demands: noDemands,
        rollbackOf: null,
        supersedes: old?.key ?? null,
        proposer: ref(s.who),
        human: s.who,
      };
      const ruling = decidePropose(h.setting(), draft, `nonce-${h.records.length}`);
      if (!('errors' in ruling)) h.rule(ruling, s.who);
      return;
    }
    case 'approve': {
      const c = pick(s.nth);
      if (!c) return;
      const digest = s.isStale ? (pick(s.nth + 1)?.digest ?? 'x') : c.digest;
      h.rule(
        decideApprove(
          h.setting(),
          c,
          press(s.who, digest, {
            standing: s.standing as never,
            misplaced: s.isMisplaced ? 'a copy' : null,
            typedTarget: s.types ? (c.request.targets[0]?.name ?? '') : '',
          }),
        ),
        s.who,
      );
      return;
    }
    case 'deny': {
      const c = pick(s.nth);
      if (c) h.rule(decideDeny(h.setting(), c, press(s.who, c.digest), 'no'), s.who);
      return;
    }
    case 'withdraw': {
      const c = pick(s.nth);
      if (c) h.rule(decideWithdraw(c, ref(s.who), s.who, false, 'not needed'), s.who);
      return;
    }
    case 'glass': {
      const c = pick(s.nth);
      if (c)
        h.rule(decideBreakGlass(h.setting(), c, press(s.who, c.digest), 'nobody answers and money is leaving'), s.who);
      return;
    }
    case 'dispute': {
      const c = pick(s.nth);
      if (c) h.rule(decideDispute(h.setting(), c, ref(s.who), 'not me'), s.who);
      return;
    }
    case 'start': {
      const c = pick(s.nth);
      if (!c) return;
      const setting = h.setting();
      const start = decideStart(setting, c, ref(s.who), {
        directory: h.directory,
        isSourceCurrent: () => true,
        deadlineSeconds: 30,
        via: 'model',
      });
      h.rule(start, s.who);
      if (start.go)
        h.started.push({
          request: c.key,
          at: h.records.length - 1,
          seq: start.go.grant,
          facts: new Map(h.facts),
          policy: h.policy,
          org: h.org,
          isClosed: h.isClosed,
          nowAt: setting.nowAt,
        });
      return;
    }
    case 'outcome': {
      const c = pick(s.nth);
      if (c)
        h.rule(
          decideOutcome(h.setting(), c, { result: 'executed', by: ref(s.who), summary: 'done', evidence: [] }),
          s.who,
        );
      return;
    }
    case 'clock':
      h.nowMs += s.minutes * 60_000;
      return;
    case 'directory':
      h.facts.set(s.who, s.fact as DirectoryFact);
      return;
    case 'policy':
      h.policy = `policy-${h.records.length}-${s.list.join()}`;
      h.org = { ...base, approvers: base.approvers.map((l) => ({ ...l, people: s.list })) };
      return;
    case 'stop':
      h.append(decideStop(h.setting(), ref('mira'), 'stop'), 'mira');
      return;
    case 'resume':
      if (h.slice.stopped)
        h.append([{ type: 'containment.resumed', body: { by: ref('mira'), reason: 'go on' } }], 'mira');
      return;
    case 'close':
      h.isClosed = true;
      return;
    case 'reopen':
      h.isClosed = false;
      return;
    case 'crash':
      h.crash();
      return;
    case 'sweep':
      h.append([...decideVoid(h.setting(), () => true), ...decideUnknown(h.setting(), () => false)], 'system');
      return;
  }
}

/** Reads the records alone, with none of the code that decides, and says what is wrong with a start. */
function faultsOf(h: History, start: History['started'][number]): readonly string[] {
  const of = (type: string) =>
    h.records
      .slice(0, start.at + 1)
      .filter((r) => r.type === type && (r as { subject?: string }).subject === start.request);
  const body = (r: LedgerRecord | undefined) => r?.body as unknown as Record<string, never>;
  const [proposed] = of('containment.proposed');
  const [granted] = of('approval.granted');
  const faults: string[] = [];
  if (!proposed || !granted) return ['no proposal or no approval'];
  const request = body(proposed)['request'] as unknown as {
    expiresAt: string;
    windowMinutes: number;
    policy: string;
    reversibility: string;
    executor: { person: string };
  };
  const excluded = body(proposed)['excluded'] as unknown as string[];
  const glass = body(granted)['brokenGlass'] as unknown as { by: { id: string } } | null;
  const humans = body(granted)['humans'] as unknown as string[];
  const quorum = request.reversibility === 'irreversible' ? 2 : 1;
  if (of('approval.granted').length !== 1) faults.push('approved twice');
  if (of('execution.started').length !== 1) faults.push('started twice');
  if (body(granted)['digest'] !== body(proposed)['digest']) faults.push('another digest was approved');
  if (granted.seq !== start.seq) faults.push('started under another approval');
  if (granted.ts >= request.expiresAt) faults.push('approved after it expired');
  if (start.nowAt >= plusMinutes(granted.ts, request.windowMinutes)) faults.push('started after its window');
  if (request.policy !== start.policy) faults.push('started under another policy');
  if (start.isClosed) faults.push('started in a closed incident');
  for (const type of [
    'approval.denied',
    'containment.withdrawn',
    'containment.superseded',
    'containment.expired',
    'containment.lapsed',
    'containment.disputed',
  ])
    if (of(type).length > 0) faults.push(`started after ${type}`);
  const switches = h.records
    .slice(0, start.at)
    .filter((r) => r.type === 'containment.stopped' || r.type === 'containment.resumed');
  if (switches.at(-1)?.type === 'containment.stopped') faults.push('started while stopped');
  if (glass) {
    if (request.reversibility === 'irreversible' || glass.by.id !== 'tomas')
      faults.push('glass broken where it may not be');
    if ((start.facts.get(glass.by.id) ?? 'member') !== 'member') faults.push('started for somebody who is no member');
    return faults;
  }
  if (new Set(humans).size < quorum) faults.push('too few humans');
  if (humans.some((human) => excluded.includes(human))) faults.push('the proposer counted');
  const list = start.org.approvers[0]?.people ?? [];
  const standing = humans.filter(
    (human) =>
      (request.reversibility === 'irreversible' ? start.org.approvers[1]! : start.org.approvers[0]!).people.includes(
        human,
      ) && (start.facts.get(human) ?? 'member') === 'member',
  );
  if (standing.length < quorum) faults.push(`approvers no longer entitled at the start (${list.join()})`);
  for (const human of humans) {
    const votes = of('approval.voted').filter(
      (r) => (body(r)['vote'] as unknown as { human: string }).human === human && r.actor.id === human,
    );
    if (votes.length === 0) faults.push(`${human} never voted`);
  }
  return faults;
}

describe('random histories', () => {
  it('invariant I1, I3, I4, I5, I8, I9, I12, I13: no history reaches an execution without a valid approval, and the fold is the same after a crash', () => {
    let executions = 0;
    fc.assert(
      fc.property(fc.array(step, { minLength: 20, maxLength: 120, size: 'max' }), (steps) => {
        const h = new History();
        for (const s of steps) run(h, s);
        executions += h.started.length;
        expect(h.started.flatMap((start) => faultsOf(h, start))).toEqual([]);
        expect(new Set(h.started.map((s) => s.request)).size).toBe(h.started.length);
        expect(h.records.reduce(evolveContainments, noContainments)).toEqual(h.slice);
      }),
      { numRuns: 3000 },
    );
    // A property over histories that never run anything would prove nothing.

    expect(executions).toBeGreaterThan(100);
  }, 120_000);
});
