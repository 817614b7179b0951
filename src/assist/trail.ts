// The whole story of an answer, from records alone, for somebody who was not there: who asked, what was sent, what came back, what
// was checked, who decided, what came of it; and for whatever is missing, why.
import type { LedgerRecord } from '../audit/record.ts';
import { reveal } from '../view/escape.ts';
import type { AssistantRecord } from './types.ts';

type BodyOf<Type extends AssistantRecord['type']> = Extract<AssistantRecord, { readonly type: Type }>['body'];
type Kind<Type extends AssistantRecord['type']> = LedgerRecord & { readonly parsed: BodyOf<Type> };

export interface Trail {
  readonly key: string;
  readonly incident: string;
  readonly asked: Kind<'assistant.asked'>;
  readonly answered: Kind<'assistant.answered'> | null;
  readonly checked: Kind<'assistant.checked'> | null;
  readonly judged: readonly Kind<'assistant.judged'>[];
  readonly proposed: readonly Kind<'assistant.proposed'>[];
  readonly taken: readonly Kind<'assistant.taken'>[];
  /** What happened to the findings its claims became. */
  readonly after: readonly LedgerRecord[];
}

const isOf = <Type extends AssistantRecord['type']>(type: Type, key: string) => {
  return (r: LedgerRecord): r is Kind<Type> => r.type === type && (r.body as unknown as { key?: unknown }).key === key;
};

const parsed = (record: LedgerRecord): LedgerRecord =>
  record.type.startsWith('assistant.') ? Object.assign({}, record, { parsed: record.body }) : record;

/** The trails of one incident's answers, in order. `records` are that incident's own, in the order of the ledger. */
export function trailsOf(records: readonly LedgerRecord[]): readonly Trail[] {
  const all = records.filter((r) => /^(?:assistant|finding)\./.test(r.type)).map(parsed);
  return all
    .filter((r) => r.type === 'assistant.asked')
    .map((record) => {
      const asked = record as Kind<'assistant.asked'>;
      const { key } = asked.parsed;
      const proposed = all.filter(isOf('assistant.proposed', key));
      const findings = new Set(proposed.map((p) => p.parsed.finding));
      return {
        key,
        incident: asked.incident ?? asked.stream,
        asked,
        answered: all.find(isOf('assistant.answered', key)) ?? null,
        checked: all.find(isOf('assistant.checked', key)) ?? null,
        judged: all.filter(isOf('assistant.judged', key)),
        proposed,
        taken: all.filter(isOf('assistant.taken', key)),
        after: all.filter(
          (r) => r.type.startsWith('finding.') && r.type !== 'finding.added' && findings.has(r.subject ?? ''),
        ),
      };
    });
}

const plain = (words: unknown): string =>
  reveal(String(words ?? ''))
    .replace(/\s+/g, ' ')
    .trim();
const at = (r: LedgerRecord): string => `${r.ts}, record ${r.seq}`;
const place = (part: { readonly sha256: string } | { readonly absent: string }): string =>
  'sha256' in part ? `blob ${part.sha256}` : `nothing: ${part.absent}`;

/** One part of a trail: its question and its answer in plain lines. */
export interface TrailPart {
  readonly title: string;
  readonly lines: readonly string[];
}

const list = (items: readonly string[], none: string): readonly string[] => (items.length > 0 ? items : [none]);

/** A trail told in its six parts. No part is left out: what is missing says why. */
export function trailParts(t: Trail): readonly TrailPart[] {
  const { asked, answered, checked } = t;
  const a = asked.parsed;
  const replaced = Object.entries(a.replaced).map(([kind, n]) => `${n} ${kind}`);
  const about = [
    a.subject ? ` about ${a.subject}` : '',
    a.audience ? ` for ${plain(a.audience)}` : '',
    a.question ? `: ${plain(a.question)}` : '',
  ].join('');
  const notYet = 'Nothing: no answer came back. The program was stopped while it waited, or is still waiting.';
  return [
    {
      title: 'Who asked',
      lines: [
        `${plain(asked.actor.label)} (${asked.actor.platform}/${asked.actor.tenant}/${asked.actor.id}) at ${at(asked)}: ${a.task}${about}`,
        ...(a.isAutomatic ? ['By itself: countersign.yml allows it and people\u2019s verdicts had earned it.'] : []),
      ],
    },
    {
      title: 'What was sent',
      lines: [
        `To ${plain(a.assistant)}: ${place(a.prompt)}`,
        `${a.events.length} of ${a.of} events; cut: ${a.cut.events} events, ${a.cut.characters} characters of long lines`,
        `Replaced by placeholders: ${replaced.length > 0 ? replaced.join(', ') : 'nothing'}`,
        `Events: ${a.events.join(', ') || 'none'}`,
      ],
    },
    {
      title: 'What came back',
      lines: answered
        ? [
            `At ${at(answered)}: ${place(answered.parsed.output)}; ${answered.parsed.tokens} tokens`,
            `Shown is the answer of ${plain(answered.parsed.assistant)}${answered.parsed.fellBack ? `, because ${plain(answered.parsed.fellBack)}` : ''}`,
          ]
        : [notYet],
    },
    {
      title: 'What was checked',
      lines: checked
        ? [
            ...list(
              checked.parsed.kept.map(
                (k) =>
                  `HELD ${k.key} (${k.kind}${k.lane ? `, ${k.lane}` : ''}): ${plain(k.text)} [${k.cites.join(', ')}]`,
              ),
              'No claim held.',
            ),
            ...checked.parsed.dropped.map((d) => `REFUSED ${d.kind}: ${plain(d.why)}`),
            ...(checked.parsed.omitted.length > 0
              ? [`PUT BACK by code, as it had been left out: ${checked.parsed.omitted.join(', ')}`]
              : []),
            ...checked.parsed.leftOut.map((w) => `LEFT OUT of the draft: ${plain(w)}`),
            ...(checked.parsed.planted.length > 0
              ? [`Lines that tried to give instructions: ${checked.parsed.planted.join(', ')}`]
              : []),
          ]
        : ['Nothing: there was no answer to check.'],
    },
    {
      title: 'Who decided',
      lines: list(
        [
          ...t.judged.map(
            (r) =>
              `${plain(r.actor.label)} at ${at(r)}: ${r.parsed.claim} is ${r.parsed.isRight ? 'RIGHT' : 'WRONG'}${r.parsed.why ? `, ${plain(r.parsed.why)}` : ''}`,
          ),
          ...t.proposed.map(
            (r) =>
              `${plain(r.parsed.askedBy.label)} at ${at(r)}: kept ${r.parsed.claim} as ${r.parsed.finding}, not verified`,
          ),
          ...t.taken.map((r) => `${plain(r.actor.label)} at ${at(r)}: made it ${r.parsed.into}, a draft`),
        ],
        'Nobody: no person has judged, kept or used any of it.',
      ),
    },
    {
      title: 'What came of it',
      lines: list(
        t.after.map((r) => {
          const body = r.body as unknown as { readonly method?: unknown; readonly cites?: unknown };
          const method = body.method ? `: ${plain(body.method)}` : '';
          const cites = Array.isArray(body.cites) && body.cites.length > 0 ? ` [${body.cites.join(', ')}]` : '';
          return `${r.subject}: ${r.type.replace('finding.', '').replaceAll('-', ' ')} by ${plain(r.actor.label)} at ${at(r)}${method}${cites}`;
        }),
        t.proposed.length > 0
          ? 'Nothing yet: nobody has verified, challenged or refuted what was kept.'
          : 'Nothing: no claim became a finding.',
      ),
    },
  ];
}

// A fence longer than any in the text, so that what a model wrote cannot end it.
function fenced(text: string): string {
  const longest = Math.max(3, ...[...text.matchAll(/~+/g)].map((m) => m[0].length));
  const fence = '~'.repeat(longest + 1);
  return `${fence}\n${text.split('\n').map(reveal).join('\n')}\n${fence}`;
}

const escaped = (line: string): string => line.replace(/[\\`*_<>#|~]/g, '\\$&');

/** Trails as one Markdown document; `read` gives a blob's text, or null when it was erased or left out. */
export async function trailText(
  incident: string,
  trails: readonly Trail[],
  read: (sha256: string) => Promise<string | null>,
): Promise<string> {
  const parts: string[] = [
    `# What the assistant said in ${incident}`,
    '',
    'Made from the records and their blobs, and from nothing else: the numbers name the records, the blobs stand under their SHA-256. Text in a fence was sent to a model or came from one. Nobody vouches for it.',
  ];
  for (const t of trails) {
    parts.push('', `## ${t.key}`);
    for (const { title, lines } of trailParts(t)) {
      parts.push('', `### ${title}`, '', ...lines.map((l) => `- ${escaped(l)}`));
      const part =
        title === 'What was sent'
          ? t.asked.parsed.prompt
          : title === 'What came back'
            ? t.answered?.parsed.output
            : null;
      if (part && 'sha256' in part)
        parts.push('', fenced((await read(part.sha256)) ?? 'The text was erased; the record keeps its hash.'));
    }
  }
  if (trails.length === 0) parts.push('', 'Nothing was asked.');
  return `${parts.join('\n')}\n`;
}
