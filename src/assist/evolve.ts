import type { LedgerRecord } from '../audit/record.ts';
import type { AssistantAnswer, AssistantRecord, Assists } from './types.ts';

const change = (all: Assists, key: string, to: (answer: AssistantAnswer) => AssistantAnswer): Assists => ({
  ...all,
  answers: all.answers.map((a) => (a.key === key ? to(a) : a)),
});

/** Folds one record; records of other nouns leave it as it is. */
export function evolveAssists(all: Assists, stored: LedgerRecord): Assists {
  const record = stored as unknown as AssistantRecord;
  const { actor: by, ts: at } = stored;
  switch (record.type) {
    case 'assistant.switched':
      return record.body.audience
        ? { ...all, audiences: { ...all.audiences, [record.body.audience]: record.body.isOn } }
        : { ...all, isModelOn: record.body.isOn };
    case 'assistant.asked': {
      const { key, task, subject, question, audience, isAutomatic, assistant, isModel, events, of } = record.body;
      const asked: AssistantAnswer = {
        key,
        task,
        subject,
        question,
        audience,
        askedBy: by,
        askedAt: at,
        isAutomatic,
        answeredAt: null,
        given: { events: events.length, of },
        assistant,
        isModel,
        fellBack: null,
        kept: [],
        dropped: [],
        omitted: [],
        planted: [],
        leftOut: [],
        verdicts: [],
        proposed: {},
      };
      return { ...all, answers: [...all.answers, asked] };
    }
    case 'assistant.answered': {
      const { key, assistant, isModel, fellBack, tokens } = record.body;
      return {
        ...change(all, key, (a) => ({ ...a, assistant, isModel, fellBack, answeredAt: at })),
        tokens: all.tokens + tokens,
      };
    }
    case 'assistant.checked': {
      const { key, kept, dropped, omitted, planted, leftOut } = record.body;
      return change(all, key, (a) => ({ ...a, kept, dropped, omitted, planted, leftOut }));
    }
    case 'assistant.judged': {
      const { key, claim, isRight, why } = record.body;
      return change(all, key, (a) => ({
        ...a,
        verdicts: [...a.verdicts.filter((v) => v.claim !== claim), { claim, isRight, why, by, at }],
      }));
    }
    case 'assistant.proposed': {
      const { key, claim, finding } = record.body;
      return change(all, key, (a) => ({ ...a, proposed: { ...a.proposed, [claim]: finding } }));
    }
  }
  return all;
}
