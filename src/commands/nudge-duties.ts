// Nudges: to the one who is needed, once each, and none after the close.
import { fixed } from '../chat/outbox.ts';
import type { Dossier } from '../incident/dossier.ts';
import { accountOf, personOf } from '../organisation/people.ts';
import type { Organisation } from '../organisation/schema.ts';
import { stepLines } from '../playbook/steps.ts';
import { actions, button, notice, view } from '../view/build.ts';
import type { PersonRef, View } from '../view/types.ts';
import type { Duty } from './duties.ts';
import type { Message } from './types.ts';

interface Nudge {
  readonly about: string;
  /** To one person alone, or to the channel. */
  readonly to: PersonRef | null;
  readonly shown: View;
}

const COMMANDER_AFTER_MINUTES = [5, 10];

function noCommander(dossier: Dossier, nowMs: number): readonly Nudge[] {
  const { key, declaredAt, roles } = dossier.incident;
  if ((roles.commander ?? []).length > 0 || declaredAt === '') return [];
  const minutes = (nowMs - Date.parse(declaredAt)) / 60_000;
  return COMMANDER_AFTER_MINUTES.filter((m) => minutes >= m).map((m) => ({
    about: `commander/${m}`,
    to: null,
    shown: view(
      `Nobody commands ${key}`,
      [
        notice(
          'warning',
          `Nobody commands ${key} yet. Until somebody does, nobody decides on severity, phase or who hears of it.`,
        ),
        actions(button('I command it', 'status claim', { incident: key, role: 'commander' }, { style: 'primary' })),
      ],
      'warning',
    ),
  }));
}

/** The account of a step's assignee on the incident's platform. */
function assigned(key: string | null, org: Organisation, dossier: Dossier): PersonRef | null {
  const platform = dossier.incident.conversation?.platform;
  const person = org.people.find((p) => p.key === key);
  const account = person && platform ? accountOf(person, platform) : null;
  return person && account ? { ...account, label: person.name } : null;
}

const overdueSteps = (dossier: Dossier, org: Organisation, nowMs: number): readonly Nudge[] =>
  dossier.playbook.runs
    .filter((run) => run.status === 'open')
    .flatMap((run) => stepLines(run, nowMs).map((l) => ({ run, l })))
    .filter(({ l }) => l.isOverdue)
    .map(({ run, l }) => ({
      about: `step/${run.id}/${l.step.id}`,
      to: assigned(l.state.assignee, org, dossier),
      shown: view(
        `${run.key} "${l.step.title}" is overdue`,
        [
          notice(
            'warning',
            `${dossier.incident.key}: the step "${l.step.title}" is overdue. Finish it, or skip it and say why.`,
          ),
          actions(button('Show the step', 'step', { incident: dossier.incident.key })),
        ],
        'warning',
      ),
    }));

const overdueQuestions = (dossier: Dossier, nowAt: string): readonly Nudge[] =>
  dossier.finding.questions
    .filter((q) => q.answer === null && q.answerer !== null && q.dueAt !== null && q.dueAt <= nowAt)
    .map((q) => ({
      about: `question/${q.key}`,
      to: q.answerer,
      shown: view(
        `${q.key} is past its time`,
        [
          notice(
            'warning',
            `${dossier.incident.key}: you were to find out ${q.key} by now. "Not known" is an answer too.`,
          ),
          actions(button(`Answer ${q.key}`, 'finding answer', { incident: dossier.incident.key, question: q.key })),
        ],
        'warning',
      ),
    }));

/** Whoever is needed, told once. */
export const nudging: Duty = {
  name: 'nudge',
  due(dossier, nowAt, services) {
    const { key, phase, conversation } = dossier.incident;
    if (phase === 'closed') return null;
    const org = services.organisation.organisation;
    const given = new Set(dossier.nudge.given);
    const nowMs = Date.parse(nowAt);
    const commander = noCommander(dossier, nowMs).filter((n) => !given.has(n.about));
    const others = [...overdueSteps(dossier, org, nowMs), ...overdueQuestions(dossier, nowAt)].filter(
      (n) => !given.has(n.about),
    );
    if (commander.length + others.length === 0) return null;
    // Of two that are due at once only the later one is said: catching up is no flood.
    const said = [...commander.slice(-1), ...others].flatMap((n): Message[] => {
      const name = `nudge/${key}/${n.about}`;
      if (n.to && personOf(org, n.to))
        return [{ key: name, message: { op: 'tell', to: n.to, content: fixed(n.shown) } }];
      return conversation ? [{ key: name, message: { op: 'post', to: conversation, content: fixed(n.shown) } }] : [];
    });
    return {
      records: [{ type: 'nudge.given', body: { about: [...commander, ...others].map((n) => n.about) }, subject: key }],
      say: said,
    };
  },
};
