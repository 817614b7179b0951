// What follows from the meaning of alike records, worked out once for all of them; and one record as the derivation sees it.
import type { Description } from './meaning/describe.ts';
import { NONE } from './names.ts';
import { type Phase, phaseOfTechnique } from './phase.ts';
import type { LogRecord } from './record.ts';
import type { Assumption, EntryFlag, Precision, Technique, ZoneBasis } from './types.ts';

/** What a record is, as the reading half gives it. */
export interface Judged {
  readonly record: LogRecord;
  readonly precision: Precision;
  readonly zoneBasis: ZoneBasis;
  readonly assumed: readonly Assumption[];
  readonly flags: readonly EntryFlag[];
  readonly meaning: Description;
  /** Group of the template miner, provisional. */
  readonly group: number;
}

/** The phases by number; 0 is none. */
export const PHASES: readonly (Phase | null)[] = [
  null,
  'attempt',
  'probe',
  'failure',
  'login',
  'exploit',
  'execution',
  'foothold',
  'evasion',
  'theft',
  'impact',
];

/** What could be a turn in a chain, depending on what came before. */
export type Story = 'login' | 'post' | 'shell' | 'exploit' | 'foothold' | 'execution' | 'theft' | 'taking' | 'evasion';

/** From here on who did it keeps records apart, and crowds are not joined. */
export const SEVERE = 7;

/** Alike records: everything about them but when, where and who. */
export interface Kind {
  readonly format: string;
  readonly formatNumber: number;
  readonly group: number;
  readonly precision: Precision;
  readonly zoneBasis: ZoneBasis;
  readonly assumed: readonly Assumption[];
  readonly flags: readonly EntryFlag[];
  /** Its names are those of the first record. */
  readonly meaning: Description;
  readonly severity: number;
  /** A place in PHASES. */
  readonly phase: number;
  /** What it is called where it counts against an address; -1 where it does not. */
  readonly says: number;
  readonly story: Story | null;
  /** False for what an address does that says nothing about where its owner is. */
  readonly placesUser: boolean;
  /** Number of its cluster key, without addresses and users. */
  readonly cluster: number;
  /** Who did it keeps such records apart. */
  readonly isByUser: boolean;
  readonly isManipulation: boolean;
}

/** One record with handles instead of texts. The object is used again for the next. */
export interface Sighting {
  kind: Kind;
  line: number;
  /** NaN for a record without a time. */
  timeMs: number;
  src: number;
  dst: number;
  user: number;
  host: number;
  process: number;
  /** The record itself when it was read with care; null for a line of a known shape. */
  record: LogRecord | null;
}

const OUTCOMES = ['success', 'failure', 'unknown'];

/**
 * What alike records share: guessed passwords and probes go by the rule that knows them, so that a name in the sentence does not
 * part them; everything else by its template.
 */
export const kindOf = (group: number, { phase, rules }: Description): string | number =>
  (phase === 'failure' || phase === 'probe' || phase === 'attempt') && rules[0] !== undefined ? rules[0] : group;

/** A number for what else keeps records of one template apart: how it ended, and how severe it is once it is severe. */
const variantOf = ({ severity, entities }: Description): number =>
  (entities.outcome ? 1 + OUTCOMES.indexOf(entities.outcome) : 0) * 16 + (severity >= SEVERE ? severity : 0);

function storyOf({ phase, rules, entities, techniques }: Description): Story | null {
  if (phase === 'login') return 'login';
  if (entities.outcome === 'success' && rules.includes('web-post')) return 'post';
  if (entities.outcome !== 'failure' && rules.includes('archive-fetched') && phase !== 'exploit') return 'taking';
  if (phase === null || phase === 'failure' || phase === 'probe' || phase === 'attempt') return null;
  if (rules.includes('web-process-shell')) return 'shell';
  if (phase === 'evasion') return techniques.some((technique) => technique.id.startsWith('T1070')) ? phase : null;
  return phase === 'impact' ? null : phase;
}

/** What a record means in its chain when that is more than it says by itself. */
export interface Raise {
  readonly severity: number;
  readonly phase: Phase;
  readonly techniques: readonly Technique[];
  readonly says: string;
}

/** Works out kinds and numbers what they share. */
export interface Kinds {
  readonly of: (judged: Judged) => Kind;
  /** The same kind as it stands in a chain. */
  readonly raised: (kind: Kind, raise: Raise) => Kind;
  readonly said: (says: number) => string;
}

/** From here on what a record is called counts against the address behind it. */
const SAID_SEVERITY = 3;

const NOTHING: Kind = {
  format: '',
  formatNumber: NONE,
  group: NONE,
  precision: 's',
  zoneBasis: 'none',
  assumed: [],
  flags: [],
  meaning: { severity: 0, techniques: [], entities: {}, flags: [], rules: [], phase: null },
  severity: 0,
  phase: 0,
  says: NONE,
  story: null,
  placesUser: false,
  cluster: NONE,
  isByUser: false,
  isManipulation: false,
};

/** A sighting of nothing yet, to be filled again and again. */
export const newSighting = (): Sighting => ({
  kind: NOTHING,
  line: 0,
  timeMs: Number.NaN,
  src: NONE,
  dst: NONE,
  user: NONE,
  host: NONE,
  process: NONE,
  record: null,
});

/** A new numbering. */
export function createKinds(): Kinds {
  const clusters = new Map<string, number>();
  const formats = new Map<string, number>();
  const sayings = new Map<string, number>();
  const texts: string[] = [];
  const numberOf = (numbers: Map<string, number>, key: string): number => {
    let number = numbers.get(key);
    if (number === undefined) numbers.set(key, (number = numbers.size));
    return number;
  };
  // Equal lists are one list, so that joining the same again is seen at a glance.
  const lists = new Map<string, readonly string[]>();
  const one = <T extends string>(list: readonly T[]): readonly T[] => {
    const key = list.join();
    const known = lists.get(key);
    if (known !== undefined) return known as readonly T[];
    lists.set(key, list);
    return list;
  };
  const saidOf = (says: string): number => {
    const said = numberOf(sayings, says);
    texts[said] = says;
    return said;
  };
  return {
    said: (says) => texts[says] ?? '',
    raised(kind, { severity, phase, techniques, says }) {
      const others = kind.meaning.techniques.filter(({ id }) => !techniques.some((one) => one.id === id));
      const isSameKind = ({ id }: Technique): boolean => phaseOfTechnique(id) === phase;
      return {
        ...kind,
        meaning: {
          ...kind.meaning,
          severity: Math.max(severity, kind.severity),
          phase,
          techniques: [...others.filter(isSameKind), ...techniques, ...others.filter((one) => !isSameKind(one))],
          says,
        },
        severity: Math.max(severity, kind.severity),
        phase: PHASES.indexOf(phase),
        says: saidOf(says),
        cluster: numberOf(clusters, `${says} ${kind.cluster}`),
        isByUser: true,
      };
    },
    of(judged) {
      const { record, meaning, group } = judged;
      const { severity, phase, says } = meaning;
      const isSaid = severity >= SAID_SEVERITY && says !== undefined;
      const said = isSaid ? saidOf(says) : NONE;
      return {
        format: record.format,
        formatNumber: numberOf(formats, record.format),
        group,
        precision: judged.precision,
        zoneBasis: judged.zoneBasis,
        assumed: one(judged.assumed),
        flags: one(judged.flags),
        meaning,
        severity,
        phase: PHASES.indexOf(phase),
        says: said,
        story: storyOf(meaning),
        placesUser: phase !== 'failure' && phase !== 'probe' && phase !== 'attempt',
        cluster: numberOf(clusters, `${kindOf(group, meaning)} ${variantOf(meaning)}`),
        isByUser: phase === 'login' || severity >= SEVERE,
        isManipulation: meaning.flags.length > 0,
      };
    },
  };
}
