// The channel of an incident: made once, also when the process ended between making it and putting the incident on record.
import { listAt, textAt } from '../parse/payload.ts';
import { type Call, SlackRefused, SlackUnreachable } from './clients.ts';

const NAMES_TRIED = 20;
const NAME_LENGTH = 80;

/** Makes a channel of that name, or with a number behind it when somebody else has the name. */
export async function makeChannel(
  call: Call,
  bot: string,
  name: string,
  isPrivate: boolean,
): Promise<{ readonly id: string; readonly isNew: boolean }> {
  for (let i = 1; ; i += 1) {
    const wanted = i === 1 ? name.slice(0, NAME_LENGTH) : `${name.slice(0, NAME_LENGTH - 4)}-${i}`;
    try {
      const id = textAt(await call('conversations.create', { name: wanted, is_private: isPrivate }), 'channel', 'id');
      if (id === '') throw new SlackUnreachable('conversations.create gave no channel');
      return { id, isNew: true };
    } catch (error) {
      if (!(error instanceof SlackRefused && error.code === 'name_taken')) throw error;
      const left = await leftBehind(call, bot, wanted, isPrivate);
      if (left !== null) return { id: left, isNew: false };
      if (i >= NAMES_TRIED) throw error;
    }
  }
}

/** Our own channel of that name in which we never said anything: what an interrupted opening left. */
async function leftBehind(call: Call, bot: string, name: string, isPrivate: boolean): Promise<string | null> {
  const types = isPrivate ? 'private_channel' : 'public_channel';
  const ours = await call('users.conversations', { types, exclude_archived: true, limit: 999 });
  const found = listAt(ours, 'channels').find((c) => textAt(c, 'name') === name && textAt(c, 'creator') === bot);
  const id = textAt(found, 'id');
  if (id === '') return null;
  const said = listAt(await call('conversations.history', { channel: id, limit: 200 }), 'messages');
  return said.some((m) => textAt(m, 'bot_id') !== '') ? null : id;
}

/** Invites people; those who are in already are in. */
export async function invite(call: Call, channel: string, users: readonly string[]): Promise<void> {
  try {
    await call('conversations.invite', { channel, users: users.join(',') });
  } catch (error) {
    if (!(error instanceof SlackRefused && error.code === 'already_in_channel')) throw error;
  }
}
