// Writes down what people do and what they read, as a page of the manual: the transcript is the test's golden file.
import type { Conversation, FormValues } from '../../src/chat/types.ts';
import { viewText } from '../../src/view/text.ts';
import { formOf, type Harness, replyText } from '../harness.ts';

const NAMES: Readonly<Record<string, string>> = { mira: 'Mira', tomas: 'Tomas', ife: 'Ife', noor: 'Noor', bo: 'Bo' };

export interface Scene {
  /** A line of the story. */
  tell(words: string): void;
  heading(words: string): void;
  /** Types a command; shows the first lines of what comes back when `shows` is given, and gives all of it. */
  type(who: string, text: string, shows?: number): Promise<string>;
  /** Fills in the form a command opens: its own values but for the changes. */
  fill(who: string, text: string, changes: FormValues, shows?: number): Promise<string>;
  /** Types a command and shows what its answer says has changed since the last version. */
  changes(who: string, text: string): Promise<string>;
  /** Presses a button that this person can see; shows the first lines of what comes back. */
  press(who: string, label: string | RegExp, shows?: number): Promise<string>;
  /** Lets time pass, doing what is due; shows new messages in the channel and to people. */
  pass(minutes: number): Promise<void>;
  /** Shows what stands in a channel since it was last looked at. */
  look(channel: string): void;
  page(): string;
}

const clock = (ms: number): string => `${new Date(ms).toISOString().slice(11, 16)}Z`;
const fenced = (text: string): string => `\`\`\`text\n${text}\n\`\`\``;

/** The first lines of a text, and how many are left out. */
function first(text: string, lines: number): string {
  const all = text.split('\n').filter((l) => l.trim() !== '' && !/^\[[^\]]+\]( \[|$)/.test(l));
  return all.length <= Math.max(lines, 2) && lines === 1
    ? (all[0] ?? '')
    : all.length <= lines
      ? all.join('\n')
      : `${all.slice(0, lines).join('\n')}\n(${all.length - lines} more lines)`;
}

export function scene(h: Harness, place: () => Conversation): Scene {
  const out: string[] = [];
  let seen = 0;
  // People take a minute for whatever they do.
  const said = (who: string, what: string): void => {
    h.clock.now += 60_000;
    out.push(`**${clock(h.clock.now)} ${NAMES[who] ?? who}** ${what}`);
  };
  const fresh = (): string[] => {
    const now = h.chat.messages.slice(seen);
    seen = h.chat.messages.length;
    return now
      .filter((m) => m.view && /^(briefing|briefing-escalated|clock|nudge)\//.test(m.key) && !m.key.includes('/BR-'))
      .map((m) => `${m.onlyFor ? `only for ${NAMES[m.onlyFor] ?? m.onlyFor}: ` : ''}${m.view?.view.summary ?? ''}`);
  };
  const untouched = (form: ReturnType<typeof formOf>): FormValues =>
    Object.fromEntries(
      form.form.fields.map((f) => [f.name, 'value' in f ? (f.value ?? '') : 'values' in f ? (f.values ?? []) : '']),
    );
  return {
    tell: (words) => out.push(words),
    heading: (words) => out.push(`## ${words}`),
    async type(who, text, shows = 0) {
      said(who, `types \`/ir ${text}\``);
      const reply = replyText(await h.type(who, text, { in: place() }));
      if (shows > 0) out.push(fenced(first(reply, shows)));
      fresh();
      return reply;
    },
    async fill(who, text, changes, shows = 0) {
      said(who, `opens \`/ir ${text}\` and fills in`);
      const form = formOf(await h.type(who, text, { in: place() }));
      const typed = Object.entries(changes)
        .filter(([, v]) => v !== '' && v.length > 0)
        .map(([name, v]) => {
          const field = form.form.fields.find((f) => f.name === name);
          const shown = (value: string): string =>
            field && 'choices' in field
              ? (field.choices.find((c) => c.value === value)?.label ?? value)
              : field?.kind === 'person'
                ? (NAMES[value] ?? value)
                : value;
          return `${field?.label ?? name}: ${typeof v === 'string' ? shown(v) : v.map(shown).join('; ')}`;
        });
      if (typed.length > 0) out.push(fenced(typed.join('\n')));
      const reply = replyText(await h.submit(who, form, { ...untouched(form), ...changes }, { in: place() }));
      if (shows > 0) out.push(fenced(first(reply, shows)));
      fresh();
      return reply;
    },
    async changes(who, text) {
      said(who, `types \`/ir ${text}\``);
      const lines = replyText(await h.type(who, text, { in: place() })).split('\n');
      const from = lines.findIndex((l) => /changed since/i.test(l));
      const changed = (from < 0 ? [] : lines.slice(from)).filter((l) => l.trim() !== '' && !l.startsWith('['));
      out.push(fenced(changed.join('\n')));
      return changed.join('\n');
    },
    async press(who, label, shows = 0) {
      said(who, `presses "${typeof label === 'string' ? label : label.source.replace(/^\^/, '')}"`);
      const reply = replyText(await h.press(who, label, { in: place() }));
      if (shows > 0) out.push(fenced(first(reply, shows)));
      fresh();
      return reply;
    },
    async pass(minutes) {
      // As the schedule would look: often, so that everything comes at its own time.
      for (let left = minutes; left > 0; left -= 5) {
        await h.pass(Math.min(5, left));
        for (const line of fresh()) out.push(`**${clock(h.clock.now)} Countersign** ${line}`);
      }
    },
    look(channel) {
      const all = h.chat.messages.filter((m) => m.ref.conversation.id === channel && m.view);
      const last = all.at(-1)?.view;
      out.push(`In #${channel} now stands:`, fenced(last ? viewText(last.view) : 'nothing'));
    },
    page: () => `${out.join('\n\n')}\n`,
  };
}
