// Histories of a shift: people post, put off, change the severity, correct and meet clocks, while servers look, restart and sleep.

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LedgerRecord } from '../../src/audit/record.ts';
import { type Dossier, emptyDossier, evolveDossier } from '../../src/incident/dossier.ts';
import { briefingDueAt } from '../../src/notice/briefing.ts';
import { clockRemindersDue } from '../../src/notice/clock-slice.ts';
import { remindersOf } from '../../src/notice/clocks/board.ts';
import { decideClock } from '../../src/notice/clocks/decide.ts';
import type { ClockCommand } from '../../src/notice/clocks/types.ts';
import { briefingDuty, decideBriefing } from '../../src/notice/decide-briefing.ts';
import type { BriefingBody } from '../../src/notice/types.ts';
import { loadOrganisation } from '../../src/organisation/load.ts';

const org = loadOrganisation(readFileSync('countersign.example.yml', 'utf8'), 'countersign.yml').organisation;
const START = Date.parse('2026-11-20T12:00:00Z');
const CADENCE = { SEV1: 30, SEV2: 60, SEV3: 240, SEV4: 1440 } as const;
const mira = { kind: 'human', platform: 'web', tenant: 'local', id: 'mira', label: 'Mira Sample' } as const;

const op = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('look' as const), after: fc.integer({ min: -20, max: 200 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('post' as const), next: fc.constantFrom(15, 30, 60, 240, null) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('snooze' as const), minutes: fc.constantFrom(15, 30, 60) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('severity' as const), to: fc.constantFrom('SEV1', 'SEV2', 'SEV3') }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('correct' as const), ago: fc.integer({ min: 0, max: 300 }) }) },
  { weight: 1, arbitrary: fc.constant({ do: 'submit' as const }) },
  { weight: 2, arbitrary: fc.constant({ do: 'restart' as const }) },
);

describe('a history of reminders', () => {
  it('misses none and doubles none, over restarts, sleeps, clocks that jump back and whatever people do', () => {
    fc.assert(
      fc.property(fc.array(op, { minLength: 5, maxLength: 60 }), fc.boolean(), (history, isClosedAtEnd) => {
        const records: LedgerRecord[] = [];
        let [state, now, latest]: [Dossier, number, number] = [emptyDossier, START, START];
        const add = (type: string, body: unknown): void => {
          const record = {
            type,
            body,
            subject: 'INC-1',
            ts: new Date(now).toISOString(),
            actor: mira,
            seq: records.length,
          } as never;
          records.push(record);
          state = evolveDossier(state, record);
        };
        const clock = (command: ClockCommand): void => {
          const decided = decideClock(command, state.clock.state, {
            now,
            actor: { kind: 'human', key: 'mira' },
            roles: ['commander'],
            enabled: new Set(),
          });
          if (!('kind' in decided)) for (const r of decided) add(r.type, r.body);
        };
        const look = (): void => {
          const at = new Date(now).toISOString();
          const due = briefingDuty(state.notice, briefingDueAt(state, org), CADENCE[state.incident.severity], at);
          if (due)
            add(
              due.kind === 'remind' ? 'briefing.due' : 'briefing.escalated',
              due.kind === 'remind' ? { dueAt: due.dueAt, draft: {} } : { to: due.to },
            );
          if (state.incident.phase !== 'closed')
            for (const { reminder, passed } of clockRemindersDue(state.clock, now))
              add('clock.reminded', { rule: reminder.rule, kind: reminder.kind, passed, id: reminder.id });
        };
        add('incident.declared', {
          key: 'INC-1',
          title: 'x',
          codename: null,
          kind: 'live',
          severity: 'SEV2',
          summary: '',
          zone: null,
          isPrivate: false,
          detectedAt: null,
          conversation: null,
        });
        clock({ kind: 'setTrigger', regime: 'cert-in', anchor: 'noticed', at: now, zone: 'Asia/Kolkata', reason: '' });

        for (const step of history) {
          const at = new Date(now).toISOString();
          switch (step.do) {
            case 'look':
              now = Math.max(START, now + step.after * 60_000);
              latest = Math.max(latest, now);
              look();
              look();
              break;
            case 'post': {
              const body = {
                state: 'x',
                changed: [],
                impact: 'x',
                actions: [],
                decisions: 'x',
                nextUpdateAt: step.next === null ? null : new Date(now + step.next * 60_000).toISOString(),
                noReminder: step.next === null ? 'over' : '',
              } as BriefingBody;
              const decided = decideBriefing({ do: 'post', body }, state.notice, at);
              if (!('kind' in decided)) for (const r of decided) add(r.type, r.body);
              break;
            }
            case 'snooze': {
              const decided = decideBriefing({ do: 'snooze', minutes: step.minutes, reason: 'busy' }, state.notice, at);
              if (!('kind' in decided)) for (const r of decided) add(r.type, r.body);
              break;
            }
            case 'severity':
              if (step.to !== state.incident.severity)
                add('incident.severity-changed', { from: state.incident.severity, to: step.to, reason: 'x' });
              break;
            case 'correct':
              clock({
                kind: 'setTrigger',
                regime: 'cert-in',
                anchor: 'noticed',
                at: now - step.ago * 60_000,
                zone: 'Asia/Kolkata',
                reason: 'corrected',
              });
              break;
            case 'submit':
              clock({ kind: 'submit', rule: 'cert-in-report', at: now, zone: 'UTC', reference: 'mail' });
              break;
            case 'restart':
              expect(records.reduce(evolveDossier, emptyDossier)).toEqual(state);
          }
          if (step.do !== 'look') continue;
          // Nothing missed: what is due and was not put off is open, and of each clock the latest reminder was given.
          const dueAt = briefingDueAt(state, org);
          const put = state.notice.reminder.snoozedUntilAt;
          const nowAt = new Date(now).toISOString();
          if (dueAt !== null && dueAt <= nowAt && (put === null || put <= nowAt))
            expect(state.notice.reminder.openSinceAt).not.toBeNull();
          const come = remindersOf(state.clock.state, now).filter((r) => r.at <= now);
          expect(come.every((r) => state.clock.reminded.includes(r.id))).toBe(true);
        }
        // Nothing doubled.
        let isOpen = false;
        let escalated: unknown[] = [];
        for (const { type, body } of records) {
          if (type === 'briefing.due') {
            expect(isOpen).toBe(false);
            [isOpen, escalated] = [true, []];
          }
          if (type === 'briefing.posted' || type === 'briefing.snoozed') isOpen = false;
          if (type === 'briefing.escalated') {
            expect(isOpen).toBe(true);
            expect(escalated).not.toContain((body as { to: string }).to);
            escalated.push((body as { to: string }).to);
          }
        }
        const ids = records
          .filter((r) => r.type === 'clock.reminded')
          .map((r) => (r.body as unknown as { id: string }).id);
        expect(new Set(ids).size).toBe(ids.length);
        if (!isClosedAtEnd) return;
        add('incident.closed', { outcome: 'x', waived: [] });
        const before = records.length;
        now = latest + 100 * 3_600_000;
        look();
        expect(records.length).toBe(before);
      }),
      { numRuns: 300 },
    );
  });
});
