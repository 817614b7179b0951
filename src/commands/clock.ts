// notice clock: regulatory clocks. A person starts each; nothing an assistant or a log says can.
import type { Dossier } from '../incident/dossier.ts';
import { readWhen } from '../incident/when.ts';
import {
  clockBoard,
  clockTable,
  deferForm,
  markForm,
  regimeForm,
  startForm,
  submitForm,
} from '../notice/clock-view.ts';
import { decideClock } from '../notice/clocks/decide.ts';
import { ALL_REGIMES, regimeOfRule } from '../notice/clocks/regimes.ts';
import type { ClockCommand, ClockContext, Regime, RegimeMark } from '../notice/clocks/types.ts';
import { humanKey } from '../organisation/people.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import { readDue } from '../schedule/due-at.ts';
import { namesIn } from './names.ts';
import { holdsRole } from './permission.ts';
import { incidentOf } from './status.ts';
import { type Answer, type Call, type Command, one } from './types.ts';

const dossierOf = (call: Call): Dossier => call.dossier as Dossier;
const orgOf = (call: Call) => call.services.organisation.organisation;
const zoneOf = (call: Call): string => dossierOf(call).incident.zone ?? orgOf(call).zone;

const isUsable = (call: Call, regime: Regime): boolean =>
  regime.status === 'ready' || orgOf(call).clocks.includes(regime.id);

const contextOf = (call: Call, dossier: Dossier): ClockContext => ({
  now: call.services.now(),
  actor: { kind: call.recordActor.kind, key: humanKey(orgOf(call), call.actor) },
  roles: [
    ...(['commander', 'deputy'] as const).filter((r) => holdsRole(orgOf(call), dossier, call.actor, r)),
    ...(call.person?.roles.includes('legal') ? ['legal'] : []),
  ],
  enabled: new Set(orgOf(call).clocks),
});

const board = (call: Call, dossier: Dossier): Answer => ({
  kind: 'private',
  view: clockBoard(
    dossier.clock.state,
    dossier.incident.key,
    call.services.now(),
    zoneOf(call),
    namesIn(call.services),
  ),
});

async function act(call: Call, command: ClockCommand): Promise<Answer> {
  const done = await call.services.act(incidentOf(call), call.recordActor, (dossier) => {
    const records = decideClock(command, dossier.clock.state, contextOf(call, dossier));
    return 'kind' in records ? records : { records };
  });
  return isRefusal(done) ? done : board(call, done.state);
}

const regimeNamed = (call: Call): Regime | Refusal => {
  const typed = one(call.args, 'regime').toLowerCase();
  const usable = ALL_REGIMES.filter((r) => isUsable(call, r));
  return (
    ALL_REGIMES.find((r) => r.id === typed) ??
    refuse(
      'no-such-clock',
      `There is no clock "${typed.slice(0, 30)}". There are ${usable.map((r) => r.id).join(', ')}.`,
    )
  );
};

async function clock(call: Call): Promise<Answer> {
  const action = one(call.args, 'action');
  if (action === 'rules')
    return { kind: 'private', view: clockTable(new Set(orgOf(call).clocks), call.services.now()) };
  if (action !== 'start' && action !== 'mark') return board(call, dossierOf(call));
  const may = contextOf(call, dossierOf(call)).roles;
  if (may.length === 0)
    return refuse('not-allowed', 'Clocks are set by the commander, the deputy or counsel. Ask one of them.');
  if (one(call.args, 'regime') === '') {
    return {
      kind: 'form',
      form: regimeForm(
        incidentOf(call),
        action,
        ALL_REGIMES.filter((r) => isUsable(call, r)),
        new Set(one(call.args, 'among').split(' ').filter(Boolean)),
      ),
    };
  }
  const regime = regimeNamed(call);
  if (isRefusal(regime)) return regime;
  if (action === 'mark') return { kind: 'form', form: markForm(incidentOf(call), regime) };
  const isCorrection = dossierOf(call).clock.state.triggers[regime.id] !== undefined;
  return { kind: 'form', form: startForm(incidentOf(call), regime, zoneOf(call), isCorrection) };
}

async function start(call: Call): Promise<Answer> {
  const zone = one(call.args, 'zone').trim() || zoneOf(call);
  const when = readWhen(one(call.args, 'when'), { nowAt: call.nowAt, zone: zoneOf(call) });
  if (isRefusal(when)) return { kind: 'errors', errors: { when: when.message } };
  const done = await act(call, {
    kind: 'setTrigger',
    regime: one(call.args, 'regime'),
    anchor: one(call.args, 'anchor'),
    at: Date.parse(when.at),
    zone,
    reason: one(call.args, 'reason'),
  });
  if (done.kind !== 'refused') return done;
  const field = { 'bad-zone': 'zone', 'bad-time': 'when', 'in-the-future': 'when', 'reason-missing': 'reason' }[
    done.code
  ];
  return field ? { kind: 'errors', errors: { [field]: done.message } } : done;
}

async function submit(call: Call): Promise<Answer> {
  const rule = one(call.args, 'rule');
  const regime = regimeOfRule(rule);
  const owed = regime?.rules.find((r) => r.id === rule);
  if (!regime || !owed) return refuse('no-such-clock', 'There is no such clock. "notice clock" shows the board.');
  if (one(call.args, 'when') === '')
    return {
      kind: 'form',
      form: submitForm(incidentOf(call), rule, `${regime.name}, ${owed.to}: ${owed.what}`, zoneOf(call)),
    };
  const when = readWhen(one(call.args, 'when'), { nowAt: call.nowAt, zone: zoneOf(call) });
  if (isRefusal(when)) return { kind: 'errors', errors: { when: when.message } };
  return act(call, {
    kind: 'submit',
    rule,
    at: Date.parse(when.at),
    zone: zoneOf(call),
    reference: one(call.args, 'reference'),
  });
}

async function defer(call: Call): Promise<Answer> {
  const rule = one(call.args, 'rule');
  const regime = regimeOfRule(rule);
  const owed = regime?.rules.find((r) => r.id === rule);
  if (!regime || !owed) return refuse('no-such-clock', 'There is no such clock. "notice clock" shows the board.');
  if (one(call.args, 'until') === '')
    return { kind: 'form', form: deferForm(incidentOf(call), owed, regime, zoneOf(call)) };
  const until = readDue(one(call.args, 'until'), { nowAt: call.nowAt, zone: zoneOf(call) });
  if (isRefusal(until)) return { kind: 'errors', errors: { until: until.message } };
  const done = await act(call, { kind: 'defer', rule, until: Date.parse(until), basis: one(call.args, 'basis') });
  return done.kind === 'refused' && done.code === 'bad-time'
    ? { kind: 'errors', errors: { until: done.message } }
    : done;
}

const hidden = { args: [], examples: [], effect: 'record', who: 'legal', needsIncident: true, isHidden: true } as const;

export const clocks: readonly Command[] = [
  {
    name: 'notice clock',
    summary: 'Legal deadlines: the board; start one; say which rules apply',
    args: [
      {
        name: 'action',
        summary: 'list, start, mark or rules',
        isRequired: false,
        choices: ['list', 'start', 'mark', 'rules'],
      },
      { name: 'regime', summary: 'gdpr, nis2 and so on', isRequired: false },
    ],
    examples: ['notice clock', 'notice clock start gdpr', 'notice clock mark nis2'],
    effect: 'record',
    who: 'participant',
    needsIncident: true,
    run: clock,
  },
  { ...hidden, name: 'notice clock-start', summary: 'Start or correct a clock from its form', run: start },
  {
    ...hidden,
    name: 'notice clock-mark',
    summary: 'Say whether a rule applies, from its form',
    run: (call) =>
      act(call, {
        kind: 'mark',
        regime: one(call.args, 'regime'),
        mark: one(call.args, 'mark') as RegimeMark,
        reason: one(call.args, 'reason'),
      }),
  },
  { ...hidden, name: 'notice clock-defer', summary: 'Record a deferral that a statute allows', run: defer },
  { ...hidden, name: 'notice clock-submit', summary: 'Record that something owed was submitted', run: submit },
];
