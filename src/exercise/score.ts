// The score of an exercise, from records alone.
import type { Finding } from '../finding/types.ts';
import type { Dossier } from '../incident/dossier.ts';
import { reliedOn } from '../notice/handover.ts';
import { type StepLine, stepLines } from '../playbook/steps.ts';
import type { PlaybookRun } from '../playbook/types.ts';
import type { Score, StepNamed, Verdict } from './types.ts';

function verdictOf(finding: Finding | undefined, isReliedOn: boolean): Verdict {
  if (!finding) return 'left-open';
  if (finding.state === 'verified') return 'accepted';
  if (finding.state === 'refuted') {
    const { verification } = finding;
    const wasVerified = verification !== null && (verification.second === null || verification.confirmedAt !== null);
    return wasVerified ? 'accepted-then-rejected' : 'rejected';
  }
  if (isReliedOn) return 'relied-on';
  return finding.challenges.length > 0 ? 'challenged' : 'left-open';
}

const named = (run: PlaybookRun, line: StepLine, reason: string): StepNamed => ({
  run: run.key,
  step: line.step.id,
  title: line.step.title,
  reason,
});

/** Why a step was left: its waiver at the close, or the end of its whole run. */
function whyMissed(dossier: Dossier, run: PlaybookRun, line: StepLine): string {
  const waiver = dossier.incident.waivers.find((w) => w.blocker === `step:${run.key}/${line.step.id}`);
  const stopped = run.entries.find((e) => e.what === 'reason' && e.id === 'stopped');
  return waiver?.reason ?? (stopped ? String(stopped.value) : '');
}

/** How the team has done so far; `nowAt` is UTC ISO 8601. */
export function scoreOf(dossier: Dossier, nowAt: string): Score {
  const { incident, exercise, containment, finding } = dossier;
  const detected = incident.times.detectedAt;
  // The sample incident is set in another night than the one it is played in.
  const isPlayed =
    detected !== undefined && detected <= incident.declaredAt && hoursBetween(detected, incident.declaredAt) < 12;
  const start = isPlayed
    ? { at: detected, from: 'detected' as const }
    : { at: incident.declaredAt, from: 'opened' as const };
  const since = (at: string | null | undefined): number | null => {
    const ms = at ? Date.parse(at) - Date.parse(start.at) : Number.NaN;
    return ms >= 0 ? ms : null;
  };
  const first = <T>(all: readonly T[], at: (one: T) => string): T | undefined =>
    all.toSorted((a, b) => at(a).localeCompare(at(b)))[0];
  const granted = first(
    containment.all.filter((c) => c.grant !== null),
    (c) => c.grant?.at ?? '',
  );
  const executed = first(
    containment.all.filter((c) => c.outcome?.result === 'executed'),
    (c) => c.outcome?.at ?? '',
  );
  const lines = dossier.playbook.runs.flatMap((run) =>
    stepLines(run, Date.parse(nowAt)).map((line) => ({ run, line })),
  );
  const standing = (...wanted: readonly StepLine['standing'][]) =>
    lines.filter(({ line }) => wanted.includes(line.standing));
  const done = standing('done');
  // A draft cites by itself what is on record; relying on it is what people sent or proposed.
  const sent = new Set(dossier.notice.notices.filter((n) => n.sent !== null).map((n) => n.key));
  const relied = new Set(
    reliedOn(dossier)
      .filter(({ by }) => by.some((key) => key.startsWith('CA-') || sent.has(key)))
      .map((r) => r.finding.key),
  );
  return {
    start,
    acknowledgeMs: since(exercise.commandedAt),
    firstApprovalMs: since(granted?.grant?.at),
    decisionMs: granted?.grant ? Date.parse(granted.grant.at) - Date.parse(granted.proposedAt) : null,
    containMs: since(executed?.outcome?.at),
    steps: {
      done: done.length,
      late: done.filter(({ line }) => line.dueAt !== null && Date.parse(line.state.settledAt ?? '') > line.dueAt)
        .length,
      missed: standing('open', 'waiting', 'blocked', 'undecided').map(({ run, line }) =>
        named(run, line, whyMissed(dossier, run, line)),
      ),
      skipped: standing('skipped').map(({ run, line }) => named(run, line, line.state.reason ?? '')),
      waived: lines.flatMap(({ run, line }) =>
        Object.values(line.state.waived).map((reason) => named(run, line, reason)),
      ),
      untold: done
        .filter(({ line }) => (line.state.told?.without.length ?? 0) > 0)
        .map(({ run, line }) => named(run, line, line.state.told?.reason ?? '')),
    },
    claims: exercise.planted.map((planted) => {
      const about = finding.findings.find((f) => f.key === planted.finding);
      return { ...planted, claim: about?.claim ?? '', verdict: verdictOf(about, relied.has(planted.finding)) };
    }),
  };
}

const hoursBetween = (a: string, b: string): number => (Date.parse(b) - Date.parse(a)) / 3_600_000;
