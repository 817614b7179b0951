// docs/safety.md: what the product promises, and the tests that keep it, by their titles. With --check it writes nothing and
// exits 1 when the file is out of step or an id has no test.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(fileURLToPath(import.meta.url), '..', '..');
const DOC = join(ROOT, 'docs', 'safety.md');

/** Every id that must have a test, with what it says. */
export const PROMISES = {
  I1: 'Nothing is executed without a committed approval; one file can make what an executor takes',
  I2: 'An approver is a human with a verified id, a member unless the policy says otherwise',
  I3: 'Never the proposer or last editor, over all linked accounts',
  I4: 'Authority is checked at the click, at the quorum and at the start; no answer means no',
  I5: 'The approval covers a hash of everything that changes what runs',
  I6: 'What is seen is what runs: complete, escaped, drawn by code from the hashed object',
  I7: 'A button carries an opaque random token, kept only as a hash',
  I8: 'One decision and at most one execution, over processes and restarts',
  I9: 'Short expiry, and a bounded window after approval; expired is not denied',
  I10: 'A click counts only from the conversation and message of its card',
  I11: 'Decision, execution, outcome, chat: in this order; a crash between is unknown and never retried by itself',
  I12: 'One denial is final; withdrawn, closed, skipped, changed or stopped makes a request void',
  I13: 'A quorum counts distinct humans; irreversible needs two or a named role',
  I14: 'Break-glass is off by default, loud, reasoned and reviewed',
  I15: 'Every attempt is a record',
  I16: 'A model can neither create, approve, edit, extend nor re-classify',
  I17: 'Done by hand needs approval too; the named executor attests',
  I18: 'Undoing a containment is a containment',
  I19: 'Playbook and policy are hashed; a change makes pending requests void',
  A1: 'The requester clicks',
  A2: 'The requester clicks from another account of theirs',
  A3: 'A bot, app, workflow or webhook as actor',
  A4: "A display name equal to an approver's",
  A5: 'A reused e-mail, a renamed user',
  A6: 'A deactivated user',
  A7: 'A guest, an external, another team or tenant',
  A8: 'A missing, empty or "unknown" id',
  A9: 'An id in the body that differs from the envelope',
  A10: 'An approver removed between card and click, or click and start',
  A11: 'A directory that throws, hangs or is empty',
  A12: 'No list of approvers: nobody may approve',
  B1: 'The same payload twice',
  B2: 'Twice at once, from two processes',
  B3: 'Approve and deny at once',
  B4: 'A replay after a restart; the first legitimate click after it',
  B5: 'A replay after expiry, denial, execution',
  B6: 'A platform that delivers an event twice',
  B7: 'A signed body that is old, from the future, changed, unsigned or wrongly signed',
  B8: 'One human twice for a quorum of two',
  B9: 'One vote more than needed',
  B10: 'kill -9 at each commit',
  B11: 'A clock that jumps',
  C1: 'Parameters edited after posting',
  C2: 'A target set that changes before the start',
  C3: 'Playbook or policy edited',
  C4: 'Steps in another order',
  C5: 'The same wrapper with another inner action',
  C6: 'Long parameters',
  C7: 'Bidi, zero-width, lookalikes, markup, mentions',
  C8: 'Key order, number forms, Unicode variants',
  C9: 'A lone surrogate',
  D1: 'A forwarded or copied card',
  D2: 'A token moved to another place, edited form data',
  D3: 'Another incident or tenant',
  D4: 'Two pending, the second clicked',
  D5: 'A message altered by somebody else',
  D6: 'A copy only one person sees',
  D7: 'A private chat',
  D8: 'A typed "approve"',
  D9: '"approved", thumbs-up, reactions',
  D10: 'Tampered submit data',
  D11: 'A settled card brought back',
  E1: 'A quorum over the eligible',
  E2: 'An empty list of approvers',
  E3: 'An unknown action or class',
  E4: 'The kill switch',
  E5: 'The incident is closed',
  E6: 'A flood of requests',
  E7: 'Break-glass while it is off',
  E8: 'Extending the expiry',
  F1: 'Log text that asks for approval',
  F2: 'Log text that imitates a card or a ledger line',
  F3: 'An extra action, target or class in what comes in',
  F4: 'A summary that contradicts the action',
  F5: 'An address or mention in words',
  G1: 'A disk that is full, locked or read-only',
  G2: 'Records edited, deleted, inserted, replaced',
  G3: 'The tail cut',
  G4: 'A full rewrite with recomputed hashes',
  G5: 'An old backup restored',
  G6: 'Two writers, forked heads',
  G7: 'An execution without an approval, found against the executor\u2019s own log',
  'beyond B1': 'An approval is bound to a hash of exactly what runs',
  'beyond B2': 'A third party can verify the ledger',
  'beyond B3': 'Findings of the assistant and of people stay in two lanes',
  'beyond B4': 'A claim without alternatives or assumptions is incomplete, and confidence has caps',
  'beyond B5': 'A challenger is heard before what cannot be undone',
  'beyond B6': 'Log text that gives instructions is evidence and nothing else',
  'beyond B7': 'No invented time, number, name or address',
  'beyond B8': 'An absence is held against what was searched and what was never collected',
  'beyond B9': 'Autonomy is earned for reading and recording, and never reaches containment',
  'beyond B10': 'Legal clocks are started by people only',
  'beyond B11': 'What would be destroyed is preserved first, or waived with a reason',
  'beyond B12': 'Approvers get a receipt and can dispute',
  'beyond B13': 'No model and no internet needed',
  'beyond B14': 'Exercises are scored, and a planted false claim appears in the score',
  'beyond B15': 'Open questions are kept: who answers, by when, with what',
  'beyond B16': 'Secrets in a paste reach no message, prompt, log or error',
  'beyond B17': 'An export replays to the same state',
  'beyond B18': 'A code from an authenticator on top, where the organisation asks for it',
  'past F1': 'A prompt that loses the newest messages',
  'past F2': 'Model text written over the record',
  'past F3': 'No assistant in the private incidents that need it most',
  'past F4': 'An action credited to somebody else',
  'past F5': 'Arguments left out of what is approved',
  'past F6': 'Anybody in the channel may approve',
  'past F7': 'Taking a reaction away deletes what was said',
  'past F8': 'A deleted message deletes evidence',
  'past F9': 'A file made public for a moment',
  'past F10': 'A cut tail of the log that nobody notices',
  'past F11': 'A log only its issuer can verify',
  'past F12': 'A double click runs twice',
  'past F13': 'A stale card approves something newer',
  'past F14': 'Expired shown as denied',
  'past F15': 'An empty list of approvers means everybody',
  'past F16': 'A second emoji makes a second event',
  'past F17': 'A command with a hidden effect',
  'past F18': 'An export that is locked to one zone',
  'past F19': 'An outage of the chat that delays a decision',
  'past F20': '"No evidence of it" while it is there',
};

const KINDS = { invariant: '', abuse: '', beyond: 'beyond ', past: 'past ' };

/** Ids at the head of a test's title: `invariant I4, abuse A10: ...` gives I4 and A10; others carry over the word before. `beyond B1` and `past F1` keep theirs. */
export function idsOf(title) {
  const head = title.split(':')[0];
  let word = null;
  return head.split(/,\s*/).flatMap((part) => {
    const [, kind, id] = /^(?:(invariant|abuse|beyond|past) )?([A-Z]\d{1,2})$/.exec(part.trim()) ?? [];
    word = kind ?? word;
    return id && word !== null ? [`${KINDS[word]}${id}`] : [];
  });
}

/** Titles by id over all test files. */
export function titlesById() {
  const found = new Map(Object.keys(PROMISES).map((id) => [id, []]));
  const files = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' }).filter((f) =>
    // The test of this file quotes titles of no test.
    /(?<!^safety)\.test\.tsx?$/.test(f),
  );
  for (const file of files.sort()) {
    const text = readFileSync(join(ROOT, 'test', file), 'utf8');
    for (const [, , title] of text.matchAll(
      /(['"`])((?:invariant|abuse|beyond|past) [A-Z]\d(?:(?!\1)[^\\\n]|\\.)*)\1/g,
    ))
      for (const id of idsOf(title))
        found.get(id)?.push({ file: `test/${file.replaceAll('\\', '/')}`, title: title.replaceAll("\\'", "'") });
  }
  return found;
}

const cell = (text) => text.replaceAll('|', '\\|').replaceAll('`', "'").replaceAll('<', '&lt;');
/** What a test says as it stands in its source: escapes read, and what its table fills in left open. */
const said = (title) => {
  const open = title.replace(/\\u([0-9a-f]{4})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  const filled = open.replace(/\$[a-zA-Z.]+|%[sijdof]/g, '\u2026');
  return /[a-z]/i.test(filled) ? filled : 'each case of its table';
};
const words = ({ title, file }) =>
  `${cell(said(title.replace(/^[^:]*: ?/, '') || title))} ([${file.split('/').at(-1)}](../${file}))`;

/** The document. */
export function safetyDoc(found) {
  const rows = (ids) =>
    ids.map((id) => `| ${id} | ${cell(PROMISES[id])} | ${(found.get(id) ?? []).map(words).join('<br>')} |`);
  const ids = Object.keys(PROMISES);
  const table = (letter) => [
    '| id | what | kept by |',
    '|---|---|---|',
    ...rows(ids.filter((id) => id.startsWith(letter))),
    '',
  ];
  const groups = {
    A: 'Who presses',
    B: 'Twice, at once, too late',
    C: 'What is approved',
    D: 'Where a press comes from',
    E: 'Policy',
    F: 'Words',
    G: 'The ledger',
  };
  return [
    '# Safety: what holds, and the tests that keep it',
    '',
    '<!-- Generated by `npm run generate` from the titles of the tests. Edit those, not this file. -->',
    '',
    'Who may attack, what holds and what does not: [threat-model.md](threat-model.md). Beside these tests, `npm run torture` kills the program at and around every commit.',
    '',
    '## Invariants of approval',
    '',
    ...table('I'),
    ...Object.entries(groups).flatMap(([letter, title]) => [`## Abuse ${letter}: ${title}`, '', ...table(letter)]),
    '## Beyond what others have',
    '',
    ...table('beyond'),
    '## Past what went wrong elsewhere',
    '',
    ...table('past'),
  ].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const found = titlesById();
  const missing = [...found].filter(([, titles]) => titles.length === 0).map(([id]) => id);
  const doc = safetyDoc(found);
  if (process.argv.includes('--check')) {
    let current = '';
    try {
      current = readFileSync(DOC, 'utf8');
    } catch {}
    if (current !== doc) console.error('docs/safety.md is out of step with the tests: run `npm run generate`');
    if (missing.length > 0) console.error(`no test is titled with ${missing.join(', ')}`);
    process.exit(current === doc && missing.length === 0 ? 0 : 1);
  }
  writeFileSync(DOC, doc);
  if (missing.length > 0) console.error(`no test is titled with ${missing.join(', ')}`);
}
