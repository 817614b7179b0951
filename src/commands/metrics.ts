// audit metrics: how fast the response was, and how often the assistant was right; from records alone.
import { evolveAssists } from '../assist/evolve.ts';
import { automaticNow, type Level, precisionOf } from '../assist/precision.ts';
import { noAssists } from '../assist/types.ts';
import { type Measure, measuresOf, refusalsOf } from '../audit/measures.ts';
import type { LedgerRecord } from '../audit/record.ts';
import { evolveFindings } from '../finding/evolve.ts';
import { noFindings } from '../finding/types.ts';
import { evolveClockSlice, noClockSlice } from '../notice/clock-slice.ts';
import { clockLines } from '../notice/clocks/board.ts';
import { refuse } from '../refusal.ts';
import { context, fields, table, untrusted, view } from '../view/build.ts';
import { lengthText } from '../view/length.ts';
import { levelsNow } from './assist-card.ts';
import type { Answer, Call, Command } from './types.ts';

const DEFAULTS: Readonly<Record<Level['level'], string>> = {
  'held back': 'HELD BACK, on demand',
  'as usual': 'shown',
  proven: 'shown, proven',
};

const row = (m: Measure): readonly string[] => [
  m.name,
  lengthText(m.median),
  lengthText(m.p90),
  String(m.count),
  String(m.excluded),
  `${m.from} to ${m.to}`,
];

const share = (of: number, all: number): string => (all === 0 ? '\u2013' : `${Math.round((of / all) * 100)} %`);

function streamsOf(records: readonly LedgerRecord[]): readonly (readonly LedgerRecord[])[] {
  const streams = new Map<string, LedgerRecord[]>();
  for (const r of records) {
    const known = streams.get(r.stream);
    if (known) known.push(r);
    else streams.set(r.stream, [r]);
  }
  return [...streams.values()];
}

interface Lane {
  readonly name: string;
  readonly proposed: number;
  readonly verified: number;
  readonly refuted: number;
}

const laneRow = (l: Lane): readonly string[] => [
  l.name,
  String(l.proposed),
  String(l.verified),
  String(l.refuted),
  String(l.proposed - l.verified - l.refuted),
  l.verified + l.refuted === 0 ? 'none checked' : share(l.refuted, l.verified + l.refuted),
];

const CLOCK_WORDS = {
  met: 'met',
  'met-late': 'met late',
  overdue: 'overdue',
  running: 'running',
  owed: 'owed',
} as const;

/** Clocks that people started, by how they stand now; switched-off and not applicable ones do not count. */
function clockCounts(streams: readonly (readonly LedgerRecord[])[], nowMs: number): string {
  const lines = streams.flatMap((s) => clockLines(s.reduce(evolveClockSlice, noClockSlice).state, nowMs));
  const parts = Object.entries(CLOCK_WORDS).map(
    ([standing, words]) => [words, lines.filter((l) => l.standing === standing).length] as const,
  );
  const uncounted = lines.filter((l) => l.standing === 'waiting' || l.standing === 'uncountable').length;
  const all = [...parts, ['not known', uncounted] as const].filter(([, n]) => n > 0);
  return all.length === 0 ? 'none was started' : all.map(([words, n]) => `${n} ${words}`).join(', ');
}

async function metrics(call: Call): Promise<Answer> {
  const { services } = call;
  const incident = call.dossier?.incident.key;
  if (!incident && !call.person?.roles.includes('auditor'))
    return refuse(
      'not-permitted',
      'Outside an incident the figures are for auditors. Run this in an incident\u2019s channel to see its own.',
    );
  const stored = await services.store.find(incident ? { incident } : {});
  const records = stored.map((s) => s.record);
  const live = records.filter((r) => r.incident?.startsWith('INC-') ?? false);
  const streams = streamsOf(live);
  const answers = streams.flatMap((s) => s.reduce(evolveAssists, noAssists).answers);
  const findings = streams.flatMap((s) => s.reduce(evolveFindings, noFindings).findings);
  const lane = (origin: 'assistant' | 'person', name: string): Lane => {
    const own = findings.filter((f) => f.origin === origin);
    const inState = (state: string): number => own.filter((f) => f.state === state).length;
    return { name, proposed: own.length, verified: inState('verified'), refuted: inState('refuted') };
  };
  const status = services.auditLog.status();
  const refusals = refusalsOf(records);
  // What is shown and what is automatic follows from all incidents, also where only one is looked at.
  const setting = services.organisation.organisation.assistant;
  const levels = await levelsNow(services);
  const automatic = automaticNow(setting, levels);
  return {
    kind: 'private',
    view: view(incident ? `Figures of ${incident}` : 'Figures of all incidents', [
      table(
        'How fast: from records, exercises left out',
        ['measure', 'median', '90th percentile', 'n', 'left out', 'between'],
        measuresOf(live).map(row),
      ),
      table(
        'The assistant, by kind of claim',
        ['kind', 'shown', 'refused', 'right', 'wrong', 'precision', 'by default'],
        precisionOf(answers).map((p) => [
          p.kind,
          String(p.shown),
          String(p.refused),
          String(p.right),
          String(p.wrong),
          share(p.right, p.right + p.wrong),
          DEFAULTS[levels.get(p.kind)?.level ?? 'as usual'],
        ]),
      ),
      table(
        'The assistant against people: findings',
        ['proposed by', 'findings', 'verified', 'refuted', 'open', 'false positives (refuted of checked)'],
        [lane('assistant', 'assistant'), lane('person', 'people')].map(laneRow),
      ),
      fields({
        'Legal clocks': clockCounts(streams, services.now()),
        'Automatic now':
          automatic.length > 0
            ? automatic.join(', ')
            : setting.automatic.length > 0
              ? `nothing: ${setting.automatic.join(', ')} may be, once people found ${setting.precision} % of ${setting.after} claims right`
              : 'nothing, as countersign.yml says; containment never is',
        'Records not anchored yet': String(Math.max(0, status.size - status.anchoredSize)),
        Refusals: refusals.length === 0 ? 'none' : untrusted(refusals.map(([code, n]) => `${code} ${n}`).join(', ')),
      }),
      context(
        'Left out: the start or the end is not on record. One slow incident moves no median; look at the 90th percentile too. What is shown by default follows from people\u2019s verdicts over all incidents.',
      ),
    ]),
  };
}

export const measuring: readonly Command[] = [
  {
    name: 'audit metrics',
    summary: 'How fast the response was, how often the assistant and people were right, and which clocks were met',
    args: [],
    examples: ['audit metrics'],
    effect: 'read',
    who: 'participant',
    needsIncident: false,
    run: metrics,
  },
];
