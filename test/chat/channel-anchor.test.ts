import { expect, it } from 'vitest';
import { openCheckpoint, signCheckpoint } from '../../src/audit/checkpoint.ts';
import { generateKey } from '../../src/audit/keys.ts';
import { channelAnchor, conversationOf } from '../../src/chat/channel-anchor.ts';
import type { Outgoing } from '../../src/chat/outbox.ts';
import type { OutboxEntry } from '../../src/store/types.ts';

it('a channel gets the signed note whole, once a size, so that anybody can check an export against it', async () => {
  const queued: OutboxEntry[] = [];
  const to = conversationOf('web/local/general');
  const key = generateKey('countersign.example/ledger');
  const head = signCheckpoint(7, new Uint8Array(32).fill(9), key);
  const anchor = channelAnchor(to!, { enqueue: async (entries) => void queued.push(...entries) });
  await anchor.write(head);
  await anchor.write(head);
  expect(new Set(queued.map((e) => e.key)).size).toBe(1);
  const message = JSON.parse(queued[0]!.payload) as Extract<Outgoing, { op: 'post' }>;
  const shown = message.content.kind === 'view' ? message.content.view.elements[0] : null;
  expect(shown?.kind === 'code' && openCheckpoint(shown.text, [key.verifier]).size).toBe(7);
  expect(await anchor.newest()).toBeNull();
});

it('a channel is named by platform, tenant and id, and nothing else', () => {
  expect(conversationOf('slack/T1/C9')).toEqual({ platform: 'slack', tenant: 'T1', id: 'C9' });
  expect(conversationOf('#general')).toBeNull();
});
