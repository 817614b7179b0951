// The chat contract on the port that the core's own tests use.
import type { DeliverableForm, FormValues, Reply } from '../../src/chat/types.ts';
import { viewText } from '../../src/view/text.ts';
import { chatContract, type PeopleAtChat } from '../contracts/chat.ts';
import { harness, replyText } from '../harness.ts';

chatContract('the port in memory', async (): Promise<PeopleAtChat> => {
  const h = await harness();
  let place = { platform: 'web', tenant: 'local', id: 'general' };
  const forms = new Map<string, DeliverableForm>();
  const told: { readonly who: string; readonly text: string; readonly file: string | null }[] = [];
  const take = (who: string, reply: Reply): void => {
    if (reply.kind === 'form') forms.set(who, reply.form);
    told.push({ who, text: replyText(reply), file: reply.kind === 'private' ? (reply.file?.name ?? null) : null });
  };
  const untouched = (form: DeliverableForm): FormValues =>
    Object.fromEntries(
      form.form.fields.map((f) => [f.name, 'values' in f ? (f.values ?? []) : 'value' in f ? (f.value ?? '') : '']),
    );
  return {
    services: h.services,
    async open(who, values) {
      place = (await h.open(who, values)).in;
    },
    type: async (who, text) => take(who, await h.type(who, text, { in: place })),
    async give(who, how, name, lines) {
      const file = { name, bytes: new TextEncoder().encode(lines), isPaste: how === 'snippet' };
      const reply =
        how === 'text' ? h.type(who, `log ${lines}`, { in: place }) : h.type(who, 'log', { in: place, files: [file] });
      take(who, await reply);
    },
    press: async (who, label) => take(who, await h.press(who, label, { in: place })),
    async fill(who, values) {
      const form = forms.get(who);
      if (!form) throw new Error(`${who} has no form open`);
      take(who, await h.submit(who, form, { ...untouched(form), ...values }, { in: place }));
    },
    reads: (who) =>
      [
        ...h.chat.messages
          .filter((m) => m.view && (m.onlyFor === null || m.onlyFor === h.who(who).id))
          .map((m) => viewText(m.view!.view)),
        ...told.filter((t) => t.who === who).map((t) => t.text),
      ].join('\n'),
    files: (who) => told.flatMap((t) => (t.who === who && t.file !== null ? [t.file] : [])),
    settled: () => h.settled(),
    end: () => h.end(),
  };
});
