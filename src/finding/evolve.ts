import type { LedgerRecord } from '../audit/record.ts';
import type { Finding, FindingRecord, Findings, Question } from './types.ts';

const change = (all: Findings, key: string, to: (finding: Finding) => Finding): Findings => ({
  ...all,
  findings: all.findings.map((f) => (f.key === key ? to(f) : f)),
});

/** Folds one record; records of other nouns leave it as it is. */
export function evolveFindings(all: Findings, stored: LedgerRecord): Findings {
  const record = stored as unknown as FindingRecord;
  const { actor: by, ts: at } = stored;
  switch (record.type) {
    case 'finding.added': {
      const added: Finding = {
        ...record.body,
        by,
        at,
        state: 'unverified',
        verification: null,
        refutation: null,
        challenges: [],
        askedToVerifyBy: [],
        revisions: 0,
      };
      return { ...all, findings: [...all.findings, added] };
    }
    case 'finding.revised':
      return change(all, record.body.key, (f) => ({ ...f, ...record.body, revisions: f.revisions + 1 }));
    case 'finding.put-plainly':
      return change(all, record.body.key, (f) => ({ ...f, plain: record.body.plain }));
    case 'finding.verification-requested':
      return change(all, record.body.key, (f) => ({ ...f, askedToVerifyBy: [...f.askedToVerifyBy, by] }));
    case 'finding.verified': {
      const { key, method, cites, second } = record.body;
      return change(all, key, (f) => ({
        ...f,
        state: second ? 'unverified' : 'verified',
        verification: { by, at, method, cites, second, confirmedAt: null },
        refutation: null,
      }));
    }
    case 'finding.confirmed':
      return change(all, record.body.key, (f) => ({
        ...f,
        state: 'verified',
        verification: f.verification && { ...f.verification, confirmedAt: at },
      }));
    case 'finding.refuted': {
      const { key, method, cites } = record.body;
      return change(all, key, (f) => ({ ...f, state: 'refuted', refutation: { by, at, method, cites } }));
    }
    case 'finding.challenged': {
      const { key, ...challenge } = record.body;
      return change(all, key, (f) => ({ ...f, challenges: [...f.challenges, { ...challenge, by, at, answer: null }] }));
    }
    case 'finding.challenge-answered': {
      const { key, answer } = record.body;
      return change(all, key, (f) => ({
        ...f,
        challenges: f.challenges.map((c) => (c.answer === null ? { ...c, answer } : c)),
      }));
    }
    case 'question.asked': {
      const asked: Question = { ...record.body, by, at, answer: null };
      return { ...all, questions: [...all.questions, asked] };
    }
    case 'question.answered': {
      const { key, text, cites } = record.body;
      const questions = all.questions.map((q) => (q.key === key ? { ...q, answer: { text, cites, by, at } } : q));
      return { ...all, questions };
    }
  }
  return all;
}
