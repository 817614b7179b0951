// help doctor: what works, and for what does not, who does what. Every row is asked now, none is remembered.
import type { DoctorRow } from '../adapter.ts';
import { listFor, peopleOn, quorumFor } from '../containment/policy.ts';
import type { Organisation } from '../organisation/schema.ts';
import { problemText } from '../playbook/load.ts';
import { notice, prose, strong, table, view } from '../view/build.ts';
import { clip } from '../view/escape.ts';
import type { Command, Services } from './types.ts';

const WORDS: Readonly<Record<DoctorRow['state'], string>> = { good: 'good', warning: 'LOOK', bad: 'BROKEN' };

async function storeRows({ store }: Services): Promise<readonly DoctorRow[]> {
  const { isWritable, settings } = await store.health();
  const shown = Object.entries(settings)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
  // 2 is FULL in SQLite.
  const isDurable = settings['synchronous'] === undefined || Number(settings['synchronous']) >= 2;
  return [
    isWritable
      ? { name: 'Database', state: 'good', says: 'Takes writes.' }
      : { name: 'Database', state: 'bad', says: 'Takes no writes: look for a full disk or a lock on the data folder.' },
    isDurable
      ? { name: 'Durability', state: 'good', says: shown }
      : {
          name: 'Durability',
          state: 'bad',
          says: `${shown}. A power cut could lose decisions: synchronous must be FULL.`,
        },
  ];
}

function ledgerRows({ auditLog }: Services): readonly DoctorRow[] {
  const { size, signedSize, halted, anchors } = auditLog.status();
  const key: DoctorRow = halted
    ? { name: 'Ledger', state: 'bad', says: `Nothing is recorded any more: ${halted}. Keep the data folder as it is.` }
    : { name: 'Ledger', state: 'good', says: `The signing key is there; ${signedSize} of ${size} records are signed.` };
  const rows = anchors.map(
    (a): DoctorRow =>
      a.failure === null
        ? { name: `Anchor ${a.name}`, state: 'good', says: `Holds the first ${a.size} records.` }
        : {
            name: `Anchor ${a.name}`,
            state: 'warning',
            says: `Not reached (${a.failure}); it holds ${a.size} records.`,
          },
  );
  return [
    key,
    ...(rows.length > 0
      ? rows
      : [{ name: 'Anchor', state: 'warning', says: 'There is none: set COUNTERSIGN_ANCHOR_FOLDER.' } as const]),
  ];
}

const WEEK_MS = 7 * 86_400_000;

async function inboxRows({ store, now }: Services): Promise<readonly DoctorRow[]> {
  const name = 'Inbox';
  const { waiting, givenUp } = await store.arrivals.state();
  const recent = givenUp.filter((g) => g.givenUpMs > now() - WEEK_MS);
  const [newest] = recent;
  if (newest) {
    const failed = newest.lastError === '' ? 'the program ended with the last one' : newest.lastError;
    return [
      {
        name,
        state: 'warning',
        says: `${recent.length} of what people sent in the last week could not be handled and ${recent.length === 1 ? 'is' : 'are'} not tried any more; whoever asked for something was told to say it again. The newest came at ${new Date(newest.atMs).toISOString()}, after ${newest.tries} tries (${failed}): look in the log for ${newest.id}.`,
      },
    ];
  }
  return [
    {
      name,
      state: 'good',
      says:
        waiting === 0 ? 'Everything that came in is handled.' : `${waiting} wait, and are tried again by themselves.`,
    },
  ];
}

/** Whether every declared action can be approved at all, also when one of its approvers proposes it. */
export function approverRows(org: Organisation): readonly DoctorRow[] {
  const nobody: string[] = [];
  const short: string[] = [];
  const bare: string[] = [];
  for (const [name, action] of Object.entries(org.actions)) {
    const list = listFor(org, name, action.reversibility);
    const people = list ? peopleOn(org, list).length : 0;
    const needed = list ? quorumFor(list, action.reversibility) : 1;
    if (people === 0) nobody.push(name);
    else if (people < needed) short.push(`${name} (${people} of ${needed})`);
    else if (people === needed) bare.push(name);
  }
  if (nobody.length === 0 && short.length === 0 && bare.length === 0)
    return [
      { name: 'Approvers', state: 'good', says: `Enough for each of ${Object.keys(org.actions).length} actions.` },
    ];
  return [
    ...(nobody.length > 0
      ? [
          {
            name: 'Approvers',
            state: 'bad',
            says: `Nobody may approve ${nobody.join(', ')}: add people under "approvers" in countersign.yml.`,
          } as const,
        ]
      : []),
    ...(short.length > 0
      ? [{ name: 'Quorum', state: 'bad', says: `Fewer approvers than are needed for ${short.join(', ')}.` } as const]
      : []),
    ...(bare.length > 0
      ? [
          {
            name: 'Quorum',
            state: 'warning',
            says: `Just enough approvers for ${bare.join(', ')}: none of them can propose it, and none may be away.`,
          } as const,
        ]
      : []),
  ];
}

function policyRows({ policy, organisation }: Services): readonly DoctorRow[] {
  const name = "Organisation's file";
  const now = policy.look();
  switch (now.kind) {
    case 'same':
      return [
        { name, state: 'good', says: `In force as it stands on disk, SHA-256 ${organisation.hash.slice(0, 16)}.` },
      ];
    case 'changed':
      return [{ name, state: 'warning', says: 'Changed on disk and not in force: "audit policy reload" takes it up.' }];
    case 'broken':
      return [
        {
          name,
          state: 'bad',
          says: `Changed on disk and broken; the rules of before stay in force. ${now.faults.split('\n')[0]}`,
        },
      ];
  }
}

function playbookRows({ playbooks }: Services): readonly DoctorRow[] {
  const shelf = playbooks();
  if (shelf.problems.length === 0)
    return [{ name: 'Playbooks', state: 'good', says: `${shelf.playbooks.size} are loaded.` }];
  const first = shelf.problems.slice(0, 3).map((p) => clip(problemText(p), 240));
  const count = shelf.problems.length === 1 ? 'One problem' : `${shelf.problems.length} problems`;
  return [
    {
      name: 'Playbooks',
      state: shelf.playbooks.size === 0 ? 'bad' : 'warning',
      says: `${shelf.playbooks.size} are loaded. ${count}: ${first.join(' ')}`,
    },
  ];
}

async function assistantRows({ model, assistantTokens }: Services): Promise<readonly DoctorRow[]> {
  const name = 'Assistant';
  if (!model) return [{ name, state: 'good', says: 'No model is set: the built-in rules answer.' }];
  const budget = `${assistantTokens.toLocaleString('en')} tokens an incident`;
  const why = (await model.check?.()) ?? null;
  return [
    why === null
      ? { name, state: 'good', says: `${model.name} answers; ${budget}.` }
      : { name, state: 'warning', says: `${model.name} (${budget}): ${why} Until then the built-in rules answer.` },
  ];
}

/** Every row of the self test. A check that fails is a row, never an error. */
export async function selfTest(services: Services): Promise<readonly DoctorRow[]> {
  const checks: readonly (readonly [string, () => readonly DoctorRow[] | Promise<readonly DoctorRow[]>])[] = [
    ['Database', () => storeRows(services)],
    ['Ledger', () => ledgerRows(services)],
    ['Inbox', () => inboxRows(services)],
    ['Approvers', () => approverRows(services.organisation.organisation)],
    ["Organisation's file", () => policyRows(services)],
    ['Playbooks', () => playbookRows(services)],
    ['Assistant', () => assistantRows(services)],
    ['Chat', () => services.chatRows()],
  ];
  const rows: DoctorRow[] = [];
  for (const [name, check] of checks) {
    try {
      rows.push(...(await check()));
    } catch (error) {
      rows.push({
        name,
        state: 'bad',
        says: `The check itself failed: ${error instanceof Error ? error.message : String(error)}`,
      });
    }
  }
  return rows;
}

export const doctor: Command = {
  name: 'help doctor',
  summary: 'The self test: what works, and what to do about the rest',
  args: [],
  examples: ['help doctor'],
  effect: 'read',
  who: 'anyone',
  needsIncident: false,
  async run(call) {
    const rows = await selfTest(call.services);
    const isWrong = rows.filter((r) => r.state !== 'good');
    const worst = rows.some((r) => r.state === 'bad') ? 'danger' : isWrong.length > 0 ? 'warning' : 'good';
    const line =
      isWrong.length === 0
        ? `All ${rows.length} checks are good.`
        : `${isWrong.length} of ${rows.length} checks need somebody: ${isWrong.map((r) => r.name).join(', ')}.`;
    const order = { bad: 0, warning: 1, good: 2 } as const;
    return {
      kind: 'private',
      view: view(
        line,
        [
          notice(worst, line),
          table(
            'Self test',
            ['check', 'state', 'what it says'],
            [...rows]
              .sort((a, b) => order[a.state] - order[b.state])
              .map((r) => [prose(strong(r.name)), WORDS[r.state], r.says]),
          ),
        ],
        worst,
      ),
    };
  },
};
