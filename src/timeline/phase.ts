// Where in an intrusion a record would stand: what chains and first candidates are made of.
import type { Meaning } from './record.ts';

/** A step of an intrusion. */
export type Phase =
  | 'attempt'
  | 'probe'
  | 'failure'
  | 'login'
  | 'exploit'
  | 'execution'
  | 'foothold'
  | 'evasion'
  | 'theft'
  | 'impact';

const FOOTHOLD = /^T(?:1136|1098|1053|1543|1547|1546|1505|1556|1176|1137)/;
const EVASION = /^T(?:1070|1562)/;
const THEFT = /^T(?:1003|1552|1555|1114|1041|1048|1567|1537|1530|1213|1528)/;
const IMPACT = /^T(?:1485|1486|1490|1561|1531|1496|1498)/;
const EXECUTION = /^T(?:1548|1068|1059|1609|1569|1055|1106|1218|1105|1021\.00[26]|1570)/;
const ENTRY = /^T(?:1190|1505|1203|1210|1068|1566)/;

/** The phase that a technique alone stands for, where it stands for one of these. */
export const phaseOfTechnique = (id: string): Phase | null =>
  EVASION.test(id)
    ? 'evasion'
    : FOOTHOLD.test(id)
      ? 'foothold'
      : THEFT.test(id)
        ? 'theft'
        : IMPACT.test(id)
          ? 'impact'
          : null;

/** The phase a meaning suggests, or null for the everyday. Only the strongest techniques are asked. */
export function phaseOf(meaning: Meaning & { readonly rules: readonly string[] }): Phase | null {
  const { severity, entities, techniques } = meaning;
  if (meaning.rules.includes('web-login-post')) return 'attempt';
  const isLogin = /login|remote desktop$/.test(entities.action ?? '');
  if (isLogin && entities.outcome === 'success' && severity < 7) return 'login';
  if (isLogin && entities.outcome === 'failure') return 'failure';
  const first = techniques[0]?.id ?? '';
  if (severity >= 5) {
    if (severity >= 7 && ENTRY.test(first)) return 'exploit';
    if (severity >= 7 && IMPACT.test(first)) return 'impact';
    if (EVASION.test(first)) return 'evasion';
    if (FOOTHOLD.test(first)) return 'foothold';
    if (THEFT.test(first)) return 'theft';
    if (severity >= 6 && EXECUTION.test(first)) return 'execution';
    if (/^T1110/.test(first)) return 'failure';
  }
  return meaning.rules.some(
    (id) =>
      id === 'web-4xx' ||
      id === 'web-404' ||
      id === 'web-sensitive-file' ||
      id === 'web-scanner' ||
      id === 'net-scan' ||
      id === 'fw-drop',
  )
    ? 'probe'
    : null;
}
