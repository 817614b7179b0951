// Everything known of one incident: the fold of its stream, one slice a noun.
import { evolveAssists } from '../assist/evolve.ts';
import { type Assists, noAssists } from '../assist/types.ts';
import type { LedgerRecord } from '../audit/record.ts';
import { evolveContainments } from '../containment/evolve.ts';
import { type Containments, noContainments } from '../containment/types.ts';
import { evolveEvidence } from '../evidence/evolve.ts';
import { type EvidenceState, noEvidence } from '../evidence/types.ts';
import { evolveExercise } from '../exercise/evolve.ts';
import { type Exercise, noExercise } from '../exercise/types.ts';
import { evolveFindings } from '../finding/evolve.ts';
import { type Findings, noFindings } from '../finding/types.ts';
import { type Clocks, evolveClockSlice, noClockSlice } from '../notice/clock-slice.ts';
import { evolveNotices } from '../notice/evolve.ts';
import { type Notices, noNotices } from '../notice/types.ts';
import { evolvePlaybooks, noRuns } from '../playbook/evolve.ts';
import type { PlaybookRecord, PlaybookState } from '../playbook/types.ts';
import { evolveReviews } from '../review/evolve.ts';
import { noReviews, type Reviews } from '../review/types.ts';
import { evolveNudges, type Nudges, noNudges } from '../schedule/nudges.ts';
import { noTimeline, type TimelineState } from '../timeline/event.ts';
import { evolveTimeline } from '../timeline/evolve.ts';
import { evolveIncident } from './evolve.ts';
import { type Incident, noIncident } from './types.ts';

export interface Dossier {
  readonly incident: Incident;
  readonly containment: Containments;
  readonly evidence: EvidenceState;
  readonly timeline: TimelineState;
  readonly playbook: PlaybookState;
  readonly finding: Findings;
  readonly notice: Notices;
  readonly clock: Clocks;
  readonly nudge: Nudges;
  readonly assist: Assists;
  readonly review: Reviews;
  readonly exercise: Exercise;
  /** Number of records folded so far. */
  readonly version: number;
}

export const emptyDossier: Dossier = {
  incident: noIncident,
  containment: noContainments,
  evidence: noEvidence,
  timeline: noTimeline,
  playbook: noRuns,
  finding: noFindings,
  notice: noNotices,
  clock: noClockSlice,
  nudge: noNudges,
  assist: noAssists,
  review: noReviews,
  exercise: noExercise,
  version: 0,
};

/** Folds one record into every slice that knows its type. */
export const evolveDossier = (dossier: Dossier, record: LedgerRecord): Dossier => ({
  incident: evolveIncident(dossier.incident, record),
  containment: evolveContainments(dossier.containment, record),
  evidence: evolveEvidence(dossier.evidence, record),
  timeline: evolveTimeline(dossier.timeline, record),
  playbook: evolvePlaybooks(dossier.playbook, record as unknown as PlaybookRecord),
  finding: evolveFindings(dossier.finding, record),
  notice: evolveNotices(dossier.notice, record),
  clock: evolveClockSlice(dossier.clock, record),
  nudge: evolveNudges(dossier.nudge, record),
  assist: evolveAssists(dossier.assist, record),
  review: evolveReviews(dossier.review, record),
  exercise: evolveExercise(dossier.exercise, record),
  version: record.version,
});
