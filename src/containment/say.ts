// Who is told what, committed with the records it tells of. The card is drawn again by every record about its request.

import { fixed, live } from '../chat/outbox.ts';
import type { Message } from '../commands/types.ts';
import { accountOf } from '../organisation/people.ts';
import type { Organisation } from '../organisation/schema.ts';
import {
  actions,
  button,
  code,
  context,
  fields,
  notice,
  person,
  strong,
  text,
  untrusted,
  view,
} from '../view/build.ts';
import type { Element, PersonRef, View } from '../view/types.ts';
import { apartOf, type Setting } from './decide.ts';
import { evolveContainments } from './evolve.ts';
import { eligibleFor, listFor } from './policy.ts';
import { privateName, privateSubject, type Why } from './private.ts';
import { summarise } from './say-more.ts';
import {
  type Containment,
  type ContainmentRecord,
  type Containments,
  cardNameOf,
  containmentOf,
  shortDigest,
} from './types.ts';
import { shortName } from './view-body.ts';

/** Messages for the records of one ruling; `version` is the stream's before them. */
export function messagesFor(s: Setting, records: readonly ContainmentRecord[], version: number): readonly Message[] {
  const { conversation } = s.incident;
  if (!conversation || records.length === 0) return [];
  const after = records.reduce(
    (slice, r, i) => evolveContainments(slice, { ...r, seq: -1, ts: s.nowAt, version: version + i + 1 } as never),
    s.slice,
  );
  const out = new Map<string, Message>();
  const put = (key: string, message: Message['message']): void => {
    out.set(key, { key, lane: 'decision', message });
  };
  records.forEach((record, i) => {
    const at = `${s.incident.key}/${version + i + 1}`;
    const tell: Tell = (to, why, shown) => {
      const { key: incident } = s.incident;
      put(
        `tell/${at}/${why}/${to.platform}/${to.tenant}/${to.id}`,
        typeof shown === 'string'
          ? {
              op: 'tell',
              to,
              name: privateName(incident, shown),
              content: live('containment-private', incident, shown),
            }
          : { op: 'tell', to, content: fixed(shown) },
      );
    };
    const post = (why: string, shown: View): void =>
      put(`post/${at}/${why}`, { op: 'post', to: conversation, content: fixed(shown) });
    const body = record.body as { readonly request?: unknown };
    const key =
      record.type === 'containment.proposed'
        ? record.body.request.request
        : typeof body.request === 'string'
          ? body.request
          : null;
    const c = key === null ? null : containmentOf(after, key);
    if (
      c &&
      record.type !== 'approval.refused' &&
      record.type !== 'containment.viewed' &&
      record.type !== 'containment.shown'
    )
      put(`card/${cardNameOf(s.incident.key, c.key)}/${version + records.length}`, {
        op: 'put',
        name: cardNameOf(s.incident.key, c.key),
        to: conversation,
        content: live('containment-card', s.incident.key, c.key),
      });
    if (c) sayFor(s, record, c, tell, post);
    if (record.type === 'approval.refused' && record.body.code === 'too-many-pending') summarise(s, put);
    if (record.type === 'containment.stopped')
      post(
        'stopped',
        view(
          `Containment is stopped in ${s.incident.key}`,
          [
            notice(
              'danger',
              strong('Containment is stopped'),
              ' by ',
              person(record.body.by),
              ': ',
              untrusted(record.body.reason),
              ' Open requests are void; nothing new starts.',
            ),
          ],
          'danger',
        ),
      );
    if (record.type === 'containment.resumed')
      post(
        'resumed',
        view(`Containment may go on in ${s.incident.key}`, [
          notice(
            'info',
            person(record.body.by),
            ' lets containment go on: ',
            untrusted(record.body.reason),
            ' What was made void stays void.',
          ),
        ]),
      );
  });
  return [...out.values(), ...editsOf(s, after, version + records.length)];
}

/** `shown` is a view, or the subject of a live message. */
type Tell = (to: PersonRef, why: string, shown: View | string) => void;
type Post = (why: string, shown: View) => void;
function sayFor(s: Setting, record: ContainmentRecord, c: Containment, tell: Tell, post: Post): void {
  const { org, incident } = s;
  const what = `${c.key} ${shortName(org, c)}`;
  const args = { incident: incident.key, request: c.key, digest: c.digest };
  const platform = incident.conversation?.platform ?? '';
  const refOfKey = (key: string): PersonRef | null => refIn(org, key, platform);
  /** A message that is edited in place when something comes of it. */
  const tellLive = (human: string, why: Why): void => {
    const ref = refOfKey(human);
    if (ref) tell(ref, why, privateSubject(c.key, why, human));
  };
  const askEligible = (why: 'ask' | 'again'): void => {
    const voted = new Set(c.votes.map((v) => v.human));
    for (const p of eligibleFor(org, listFor(org, c.request.action, c.request.reversibility), apartOf(s, c)))
      if (!voted.has(p.key)) tellLive(p.key, why);
  };
  /** `quoted` is what somebody or something else wrote. */
  const tellProposer = (lead: string, quoted = '', after = '', ...more: readonly Element[]): void =>
    tell(
      c.proposer,
      'proposer',
      view(`${what}: ${lead}`, [
        text(strong(what), `: ${lead}`, ...(quoted ? [' ', untrusted(quoted)] : []), after ? ` ${after}` : ''),
        ...more,
      ]),
    );
  switch (record.type) {
    case 'containment.proposed':
      askEligible('ask');
      return;
    case 'containment.reminded':
      askEligible('again');
      return;
    case 'approval.granted': {
      const glass = record.body.brokenGlass;
      for (const vote of glass ? [] : c.votes) tell(vote.person, 'receipt', receipt(s, c));
      if (c.request.executor.kind === 'manual') tellLive(c.request.executor.person, 'carry-out');
      if (glass) {
        post(
          'glass',
          view(
            `GLASS BROKEN: ${what}`,
            [
              notice(
                'danger',
                strong('GLASS BROKEN: '),
                person(glass.by),
                ' let ',
                strong(what),
                ' pass alone: ',
                untrusted(glass.reason),
              ),
            ],
            'danger',
          ),
        );
        for (const key of org.containment.break_glass.reviewers) {
          const ref = refOfKey(key);
          if (ref)
            tell(
              ref,
              'review',
              view(
                `Review the use of break-glass: ${what}`,
                [
                  notice(
                    'danger',
                    person(glass.by),
                    ' broke the glass for ',
                    strong(what),
                    ': ',
                    untrusted(glass.reason),
                  ),
                  actions(button('Review it', 'contain review', args)),
                ],
                'danger',
              ),
            );
        }
      }
      return;
    }
    case 'approval.denied':
      tellProposer(`${record.body.by.label} denied it:`, record.body.reason);
      return;
    case 'containment.changes-asked':
      tellProposer(
        `${record.body.by.label} asks for changes:`,
        record.body.text,
        'The request and its time stay as they are.',
        actions(button('Propose it changed', 'contain change', args, { style: 'primary' })),
      );
      return;
    case 'containment.expired':
      tellProposer('expired without a decision. Nothing ran. Propose it again if it is still wanted.');
      return;
    case 'containment.lapsed':
      tellProposer('was approved, but not started in time. Nothing ran.');
      return;
    case 'containment.superseded':
      tellProposer('made void:', record.body.reason);
      return;
    case 'containment.disputed':
      post(
        'disputed',
        view(
          `${what}: ${record.body.by.label} disputes the approval`,
          [
            notice(
              'danger',
              person(record.body.by),
              ' disputes their approval of ',
              strong(what),
              ': ',
              untrusted(record.body.reason),
            ),
            text(
              c.state === 'disputed'
                ? 'It had not started and will not run.'
                : 'It had started already. Look at the target; undoing it is a containment of its own.',
            ),
            ...(c.state !== 'disputed' && org.actions[c.request.action]?.undo_action
              ? [
                  actions(
                    button(
                      'Propose undoing it',
                      'contain rollback',
                      { incident: incident.key, request: c.key },
                      { style: 'danger' },
                    ),
                  ),
                ]
              : []),
          ],
          'danger',
        ),
      );
      return;
    case 'execution.unknown':
      post(
        'unknown',
        view(
          `${what}: outcome UNKNOWN`,
          [
            notice(
              'danger',
              strong(what),
              ': nobody knows whether it ran. ',
              untrusted(record.body.summary),
              ' Look at the target, then record what really happened on its card.',
            ),
          ],
          'danger',
        ),
      );
      return;
    case 'execution.succeeded':
      tellProposer('done.', record.body.summary);
      return;
    case 'execution.failed':
      tellProposer('FAILED.', record.body.summary);
      post(
        'failed',
        view(
          `${what} FAILED`,
          [
            notice(
              'danger',
              strong(what),
              ' was approved and failed: ',
              untrusted(record.body.summary),
              ' Do not count on it; look at the target, and propose it again if it is still wanted.',
            ),
          ],
          'danger',
        ),
      );
      return;
    case 'execution.started':
    case 'containment.shown':
    case 'containment.viewed':
    case 'approval.voted':
    case 'approval.voided':
    case 'approval.refused':
    case 'containment.challenged':
    case 'containment.withdrawn':
    case 'containment.reviewed':
    case 'containment.stopped':
    case 'containment.resumed':
      return;
  }
}

/** What an approver keeps: exactly what they let pass, and the way to say that they did not. */
function receipt(s: Setting, c: Containment): View {
  const what = `${c.key} ${shortName(s.org, c)}`;
  return view(`You approved ${what}`, [
    text(strong('You approved '), strong(what), ' in ', s.incident.key, '.'),
    fields({ Digest: code(shortDigest(c.digest)), 'Whole digest': code(c.digest) }),
    actions(
      button(
        'I dispute this',
        'contain dispute',
        { incident: s.incident.key, request: c.key, digest: c.digest },
        { style: 'danger' },
      ),
    ),
    context(
      `Was it not you, or not what you read? Dispute it within ${s.org.containment.dispute_minutes} minutes: before it starts that stops it. "audit receipt ${c.key}" gives the proof that this is in the ledger.`,
    ),
  ]);
}

function refIn(org: Organisation, key: string, platform: string): PersonRef | null {
  const found = org.people.find((p) => p.key === key);
  const account = found ? accountOf(found, platform) : null;
  return found && account ? { ...account, label: found.name } : null;
}

/** Edits of what people were asked in private, for each request whose state or votes changed. What was never sent is not sent now. */
function editsOf(s: Setting, after: Containments, version: number): readonly Message[] {
  const { org, incident } = s;
  return after.all.flatMap((c) => {
    const before = containmentOf(s.slice, c.key);
    if (!before || (before.state === c.state && before.votes.length === c.votes.length)) return [];
    const { executor } = c.request;
    const asked = c.eligible.flatMap((human) => [[human, 'ask'] as const, [human, 'again'] as const]);
    const all = [...asked, ...(executor.kind === 'manual' ? [[executor.person, 'carry-out'] as const] : [])];
    return all.flatMap(([human, why]): readonly Message[] => {
      const to = refIn(org, human, incident.conversation?.platform ?? '');
      const subject = privateSubject(c.key, why, human);
      const name = privateName(incident.key, subject);
      const content = live('containment-private', incident.key, subject);
      return to
        ? [{ key: `edit/${name}/${version}`, message: { op: 'tell', to, name, isOnlyEdit: true, content } }]
        : [];
    });
  });
}
