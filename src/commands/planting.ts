// The claims that the playbook of an exercise plants, when their time has come.
import { plantsDue } from '../exercise/decide.ts';
import type { Duty } from './duties.ts';
import { findingCard } from './finding-act.ts';

/** Puts planted claims among the findings when their time has come. */
export const planting: Duty = {
  name: 'planting',
  due(dossier, nowAt) {
    const records = plantsDue(dossier, Date.parse(nowAt));
    if (records.length === 0) return null;
    const added = records.filter((r) => r.type === 'finding.added');
    return { records, say: added.flatMap((r) => findingCard(dossier, r.subject ?? '')) };
  },
};
