// The Reply as Slack shows it: at once where the person is, and where that fails, in their private chat.
import type { DeliverableForm, DeliverableView, OutgoingFile, Reply } from '../../../src/chat/types.ts';
import { context, notice, view } from '../../../src/view/build.ts';
import { LIMITS } from '../limits.ts';
import type { SlackLog } from '../options.ts';
import type { Heard } from '../parse/hear.ts';
import { OPEN_FORM } from '../parse/hear.ts';
import { listAt, type Payload, textAt } from '../parse/payload.ts';
import { arrange } from '../render/fit.ts';
import { formModal, longChoices, type Origin, panel } from '../render/form.ts';
import { fallbackText, plainText } from '../render/plain.ts';
import type { Block } from '../render/rich-text.ts';
import { MESSAGE_ROOM, PANEL_ROOM, piecesOf } from '../render/view.ts';
import type { Call } from '../send/clients.ts';
import type { SlackPort } from '../send/port.ts';

export interface AnswerParts {
  readonly call: Call;
  readonly port: SlackPort;
  readonly randomId: () => string;
  readonly log: SlackLog;
  /** Told of every private view, for the home tab. */
  readonly remember: (user: string, shown: DeliverableView) => void;
}

/** How a submission can still be answered in its own acknowledgement; null when that is over. */
export interface OpenAck {
  ack(response?: Payload): Promise<void>;
}

export interface Answers {
  show(heard: Heard, reply: Reply, ack: OpenAck | null): Promise<void>;
  /** Opens a form that waited for a press. */
  openWaiting(heard: Heard, id: string): Promise<void>;
  longOf(token: string): ReadonlyMap<string, readonly string[]>;
}

const FORMS_KEPT = 500;

export function createAnswers(parts: AnswerParts): Answers {
  const { call, port } = parts;
  const waiting = new Map<string, { readonly user: string; readonly form: DeliverableForm }>();
  const long = new Map<string, ReadonlyMap<string, readonly string[]>>();
  const keep = <Value>(map: Map<string, Value>, key: string, value: Value): void => {
    map.set(key, value);
    if (map.size > FORMS_KEPT) map.delete(map.keys().next().value as string);
  };
  const originOf = (heard: Heard): Origin => ({
    channel: heard.channel,
    ...(heard.thread ? { thread: heard.thread } : {}),
  });

  const modalOf = (form: DeliverableForm, heard: Heard): Payload => {
    const values = longChoices(form);
    if (values.size > 0) keep(long, form.token, values);
    return formModal(form, originOf(heard));
  };

  async function respond(url: string, text: string, blocks: readonly Block[]): Promise<boolean> {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ response_type: 'ephemeral', replace_original: false, text, blocks }),
        signal: AbortSignal.timeout(10_000),
      });
      return response.ok && !/"ok":false/.test(await response.text());
    } catch {
      return false;
    }
  }

  /** Only to them, where they are; else in their private chat. True when it was shown. */
  async function whisper(heard: Heard, text: string, blocks: readonly Block[]): Promise<boolean> {
    const user = heard.sender?.user;
    if (user === undefined) return true;
    if (heard.ways.isDirect) {
      await call('chat.postMessage', {
        channel: heard.channel,
        text,
        blocks,
        unfurl_links: false,
        unfurl_media: false,
        ...(heard.thread ? { thread_ts: heard.thread } : {}),
      });
      return true;
    }
    if (heard.ways.responseUrl && (await respond(heard.ways.responseUrl, text, blocks))) return true;
    if (heard.ways.isHome) return false;
    try {
      await call('chat.postEphemeral', {
        channel: heard.channel,
        user,
        text,
        blocks,
        ...(heard.thread ? { thread_ts: heard.thread } : {}),
      });
      return true;
    } catch {
      return false;
    }
  }

  /** Shows it, then its pictures: an answer for one person has them in their private chat, where files for one person go. */
  async function tell(heard: Heard, shown: DeliverableView): Promise<void> {
    const user = heard.sender?.user;
    if (user === undefined) return;
    parts.remember(user, shown);
    await show(heard, user, shown);
    if (!shown.view.elements.some((e) => e.kind === 'image' && e.png !== '')) return;
    const sent = await port
      .direct(user)
      .then((to) => port.pictures(to, shown, { key: `answer/${heard.id}` }))
      .catch((error: unknown) => {
        parts.log.warn({ err: error }, 'a picture could not be uploaded');
        return null;
      });
    if (sent === 0 || (heard.ways.isDirect && sent !== null)) return;
    const line =
      sent === null
        ? 'Slack did not take the picture. Ask again for it in a moment.'
        : 'The picture is in your private chat with Countersign.';
    await whisper(heard, line, [{ type: 'section', text: plainText(line, LIMITS.sectionText) }]);
  }

  async function show(heard: Heard, user: string, shown: DeliverableView): Promise<void> {
    const text = fallbackText(shown.view);
    const id = `r.${parts.randomId().slice(0, 24)}`;
    const fitted = arrange(
      piecesOf(shown),
      MESSAGE_ROOM,
      id,
      () => 'More is in the window that opened, or in your private chat.',
    );
    const whole = fitted.more.length === 0 ? null : arrange(piecesOf(shown), PANEL_ROOM, id, () => '');
    const opened = panel(whole?.more.length === 0 ? whole.first : fitted.first, 'Countersign', originOf(heard));
    // In a modal the answer takes its place; what is too long for a message opens one.
    if (heard.ways.modal && (whole === null || whole.more.length === 0)) {
      if (await tried(() => call('views.update', { view_id: heard.ways.modal, view: opened }))) return;
    }
    const trigger = heard.ways.triggerId;
    const needsPanel = whole !== null || heard.ways.isHome === true;
    if (needsPanel && trigger && (whole === null || whole.more.length === 0)) {
      if (await tried(() => call('views.open', { trigger_id: trigger, view: opened }))) return;
    }
    if (whole === null && (await whisper(heard, text, fitted.first))) return;
    // The private chat takes any length, in parts.
    await port.tellPrivately(
      { platform: 'slack', tenant: heard.sender?.tenant ?? '', id: user, label: '', standing: 'member' },
      shown,
      {
        key: id,
        isUrgent: true,
      },
    );
    if (whole !== null) {
      const line = 'The answer is long: it is in your private chat with Countersign.';
      await whisper(heard, line, [{ type: 'section', text: plainText(line, LIMITS.sectionText) }]);
    }
  }

  async function tried(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      parts.log.info({ err: error }, 'a window could not be opened; another way is taken');
      return false;
    }
  }

  async function give(heard: Heard, file: OutgoingFile): Promise<void> {
    const user = heard.sender?.user;
    if (user === undefined) return;
    const to = await port.direct(user);
    await port.upload(to, file, { key: `answer/${heard.id}/${file.name}` });
  }

  async function openForm(heard: Heard, form: DeliverableForm, ack: OpenAck | null): Promise<void> {
    const modal = modalOf(form, heard);
    if (ack) return ack.ack({ response_action: 'update', view: modal });
    const trigger = heard.ways.triggerId;
    if (heard.ways.modal && (await tried(() => call('views.update', { view_id: heard.ways.modal, view: modal }))))
      return;
    if (trigger && (await tried(() => call('views.open', { trigger_id: trigger, view: modal })))) return;
    const id = parts.randomId();
    keep(waiting, id, { user: heard.sender?.user ?? '', form });
    const line = `"${form.form.title}" is ready.`;
    // From the home tab it waits in their private chat.
    const where = heard.ways.isHome ? { ...heard, ways: { isDirect: true } } : heard;
    await whisper(where, line, [
      { type: 'section', text: plainText(line, LIMITS.sectionText) },
      {
        type: 'actions',
        elements: [
          {
            type: 'button',
            action_id: OPEN_FORM,
            value: id,
            style: 'primary',
            text: plainText('Open the form', LIMITS.buttonText),
          },
        ],
      },
    ]);
  }

  /** Sentences at the fields they are about; Slack takes them only at inputs that are there. */
  async function showErrors(
    heard: Heard,
    errors: Readonly<Record<string, string>>,
    ack: OpenAck | null,
  ): Promise<void> {
    const inputs =
      heard.what.kind === 'submit'
        ? listAt(heard.what.view, 'blocks').flatMap((b) =>
            textAt(b, 'type') === 'input' ? [textAt(b, 'block_id')] : [],
          )
        : [];
    const placed: Record<string, string> = {};
    for (const [field, sentence] of Object.entries(errors)) {
      const at = inputs.includes(field) ? field : inputs[0];
      if (at !== undefined) placed[at] = [placed[at], sentence].filter(Boolean).join(' ').slice(0, 2000);
    }
    if (ack && Object.keys(placed).length > 0) return ack.ack({ response_action: 'errors', errors: placed });
    await ack?.ack();
    const words = Object.values(errors).join(' ');
    await tell(heard, {
      view: view(words, [notice('warning', words), context('Open the form again; nothing was changed.')]),
      tokens: [],
    });
  }

  return {
    longOf: (token) => long.get(token) ?? new Map(),
    async openWaiting(heard, id) {
      const found = waiting.get(id);
      if (!found || found.user !== heard.sender?.user) {
        const words = 'This form is not waiting any more. Ask for it again; nothing was changed.';
        return tell(heard, { view: view(words, [notice('warning', words)]), tokens: [] });
      }
      await openForm(heard, found.form, null);
    },
    async show(heard, reply, ack) {
      switch (reply.kind) {
        case 'none':
          return ack?.ack();
        case 'errors':
          return showErrors(heard, reply.errors, ack);
        case 'form':
          return openForm(heard, reply.form, ack);
        case 'private': {
          await ack?.ack();
          // The window of the submission is closed now.
          const { modal: _closed, ...ways } = heard.ways;
          await tell(ack ? { ...heard, ways } : heard, reply.view);
          if (reply.file) await give(heard, reply.file);
        }
      }
    },
  };
}
