// status: where the incident stands and who does what.
import { refOf } from '../chat/actor.ts';
import { decideIncident, type IncidentCommand } from '../incident/decide.ts';
import { PHASES, type Phase, ROLES, type Role } from '../incident/types.ts';
import { handoverElements, handoverLines } from '../notice/handover.ts';
import type { Severity } from '../organisation/schema.ts';
import { isRefusal, refuse } from '../refusal.ts';
import { actions, button, notice, person, text, view } from '../view/build.ts';
import type { View } from '../view/types.ts';
import { closeCommands } from './close.ts';
import { liveViews } from './live.ts';
import { namesIn } from './names.ts';
import { personFromArgs } from './people.ts';
import { type Answer, type Call, type Command, one } from './types.ts';

/** The incident of a call; commands that need one never run without. */
export function incidentOf(call: Call): string {
  if (!call.dossier) throw new Error('a command that needs an incident ran without one');
  return call.dossier.incident.key;
}

async function card(call: Call): Promise<Answer> {
  const shown = call.dossier ? await liveViews['incident-card']?.(call.dossier, '', call.services) : null;
  return shown ? { kind: 'private', view: shown } : { kind: 'none' };
}

/** Runs a decision on the incident and answers with a view, or why not. */
export async function change(call: Call, command: IncidentCommand, said: () => View): Promise<Answer> {
  const done = await call.services.act(incidentOf(call), call.recordActor, (dossier) => {
    const records = decideIncident(command, dossier.incident);
    return isRefusal(records) ? records : { records };
  });
  return isRefusal(done) ? done : { kind: 'private', view: said() };
}

const said = (line: string): View => view(line, [notice('good', line)], 'good');

export const status: readonly Command[] = [
  {
    name: 'status',
    summary: 'The card again, only for you',
    args: [],
    examples: ['status'],
    effect: 'read',
    who: 'participant',
    needsIncident: true,
    run: card,
  },
  {
    name: 'status severity',
    summary: 'Change the severity, with a reason',
    args: [
      { name: 'severity', summary: 'SEV1 to SEV4', isRequired: true, choices: ['SEV1', 'SEV2', 'SEV3', 'SEV4'] },
      { name: 'reason', summary: 'Why', isRequired: true, isRest: true },
    ],
    examples: ['status severity SEV1 customer data is leaving'],
    effect: 'record',
    who: 'command',
    needsIncident: true,
    async run(call) {
      const severity = one(call.args, 'severity') as Severity;
      const reason = one(call.args, 'reason');
      const every = call.services.organisation.organisation.severities[severity]?.briefing_minutes;
      if (!severity || reason === '') {
        return {
          kind: 'form',
          form: {
            title: 'Change the severity',
            submitLabel: 'Change',
            intent: { verb: 'status severity', args: { incident: incidentOf(call) } },
            intro: [
              text(
                'This also changes how often a briefing is due, and whether irreversible containment needs a challenger (SEV1 and SEV2).',
              ),
            ],
            fields: [
              {
                kind: 'choice',
                name: 'severity',
                label: 'Severity',
                isRequired: true,
                choices: (['SEV1', 'SEV2', 'SEV3', 'SEV4'] as const).map((s) => ({
                  value: s,
                  label: `${s}: ${call.services.organisation.organisation.severities[s].meaning}`,
                })),
              },
              { kind: 'line', name: 'reason', label: 'Why', isRequired: true, maxLength: 300 },
            ],
          },
        };
      }
      return change(call, { do: 'set-severity', severity, reason }, () =>
        said(`${incidentOf(call)} is ${severity}. A briefing is now due every ${every} minutes.`),
      );
    },
  },
  {
    name: 'status phase',
    summary: 'Move to another phase',
    args: [
      { name: 'phase', summary: PHASES.slice(0, -1).join(', '), isRequired: true, choices: PHASES.slice(0, -1) },
      { name: 'reason', summary: 'Why', isRequired: false, isRest: true },
    ],
    examples: ['status phase containment the way in is known'],
    effect: 'record',
    who: 'command',
    needsIncident: true,
    async run(call) {
      const phase = one(call.args, 'phase') as Phase;
      if (!phase) {
        return {
          kind: 'form',
          form: {
            title: 'Move to a phase',
            submitLabel: 'Move',
            intent: { verb: 'status phase', args: { incident: incidentOf(call) } },
            intro: [],
            fields: [
              {
                kind: 'choice',
                name: 'phase',
                label: 'Phase',
                isRequired: true,
                choices: PHASES.slice(0, -1).map((p) => ({ value: p, label: p })),
              },
              { kind: 'line', name: 'reason', label: 'Why', isRequired: false, maxLength: 300 },
            ],
          },
        };
      }
      return change(call, { do: 'set-phase', phase, reason: one(call.args, 'reason') }, () =>
        said(`${incidentOf(call)} is in ${phase}.`),
      );
    },
  },
  {
    name: 'status claim',
    summary: 'Take a role yourself',
    args: [{ name: 'role', summary: ROLES.join(', '), isRequired: true, choices: ROLES }],
    examples: ['status claim scribe'],
    effect: 'record',
    who: 'responder',
    needsIncident: true,
    async run(call) {
      const role = one(call.args, 'role') as Role;
      if (!role)
        return {
          kind: 'private',
          view: view('Which role?', [
            text('Which role do you take?'),
            actions(...ROLES.map((r) => button(r, 'status claim', { incident: incidentOf(call), role: r }))),
          ]),
        };
      const commander = call.dossier?.incident.roles.commander?.[0];
      if (role === 'commander' && commander) {
        return refuse(
          'role-held',
          `${commander.label} commands ${incidentOf(call)}. They can hand over to you with "status handover".`,
        );
      }
      if (role === 'commander' && !call.person?.roles.includes('commander')) {
        return refuse(
          'not-permitted',
          "The organisation's file does not list you among those who may command. Ask one of them to claim it.",
        );
      }
      return change(call, { do: 'assign', role, person: refOf(call.actor) }, () =>
        said(`You are ${role} of ${incidentOf(call)}.`),
      );
    },
  },
  {
    name: 'status role',
    summary: 'Give somebody a role',
    args: [
      { name: 'role', summary: ROLES.join(', '), isRequired: true, choices: ROLES },
      { name: 'who', summary: 'a mention', isRequired: true },
    ],
    examples: ['status role scribe @tomas'],
    effect: 'record',
    who: 'command',
    needsIncident: true,
    async run(call) {
      const role = one(call.args, 'role') as Role;
      const who = await personFromArgs(call, 'who');
      if (isRefusal(who)) return who;
      if (!role || !who) {
        return {
          kind: 'form',
          form: {
            title: 'Give a role',
            submitLabel: 'Give',
            intent: { verb: 'status role', args: { incident: incidentOf(call) } },
            intro: [],
            fields: [
              {
                kind: 'choice',
                name: 'role',
                label: 'Role',
                isRequired: true,
                choices: ROLES.map((r) => ({ value: r, label: r })),
              },
              { kind: 'person', name: 'who', label: 'Who', isRequired: true },
            ],
          },
        };
      }
      if (role === 'commander')
        return refuse(
          'use-handover',
          'Command is handed over, so that it is never unclear who holds it: use "status handover @who".',
        );
      return change(call, { do: 'assign', role, person: who }, () =>
        said(`${who.label} is ${role} of ${incidentOf(call)}.`),
      );
    },
  },
  {
    name: 'status handover',
    summary: 'Hand over command; the receiver acknowledges',
    args: [{ name: 'who', summary: 'a mention', isRequired: true }],
    examples: ['status handover @ife'],
    effect: 'record',
    who: 'command',
    needsIncident: true,
    async run(call) {
      const who = await personFromArgs(call, 'who');
      if (isRefusal(who)) return who;
      const from = call.dossier?.incident.roles.commander?.[0] ?? refOf(call.actor);
      if (!who) {
        return {
          kind: 'form',
          form: {
            title: 'Hand over command',
            submitLabel: 'Offer',
            intent: { verb: 'status handover', args: { incident: incidentOf(call) } },
            intro: [text('Until they acknowledge, you hold command.')],
            fields: [{ kind: 'person', name: 'who', label: 'To whom', isRequired: true }],
          },
        };
      }
      const key = incidentOf(call);
      const org = call.services.organisation.organisation;
      const done = await call.services.act(key, call.recordActor, (dossier) => {
        const records = decideIncident({ do: 'offer-handover', from, to: who }, dossier.incident);
        if (isRefusal(records)) return records;
        const ask = view(
          `${from.label} offers you command of ${key}`,
          [
            text(person(from), ` offers you command of ${key}. Until you acknowledge, they hold it.`),
            ...handoverElements(handoverLines(dossier, org, call.nowAt, namesIn(call.services))),
            actions(
              button('I have command', 'status acknowledge', { incident: key }, { style: 'primary' }),
              button('Read the catch-up first', 'status catchup', { incident: key }),
            ),
          ],
          'warning',
        );
        return {
          records,
          say: [
            {
              key: `handover/${key}/${dossier.version}`,
              lane: 'decision',
              message: { op: 'tell', to: who, content: { kind: 'view', view: ask } },
            },
          ],
        };
      });
      return isRefusal(done)
        ? done
        : {
            kind: 'private',
            view: said(`${who.label} was asked to take command. Until they acknowledge, you hold it.`),
          };
    },
  },
  {
    name: 'status acknowledge',
    summary: 'Acknowledge a handover',
    args: [],
    examples: [],
    effect: 'record',
    who: 'participant',
    needsIncident: true,
    isHidden: true,
    run: (call) =>
      change(call, { do: 'acknowledge-handover', by: refOf(call.actor) }, () =>
        said(`You command ${incidentOf(call)}.`),
      ),
  },
  ...closeCommands,
];
