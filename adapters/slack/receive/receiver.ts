// What both of Bolt's receivers hand deliveries to. Bolt's App is not used: it acknowledges before anything is stored.
import type { AckFn, ReceiverEvent, SocketModeReceiver } from '@slack/bolt';
import { isObject, type Payload } from '../parse/payload.ts';
import type { Ack } from './working.ts';

/** The one thing receivers ask of an app. */
export type ReceiverTarget = Parameters<SocketModeReceiver['init']>[0];

/** An app for receivers: stores and dispatches. What `take` throws leaves the delivery unacknowledged, so that Slack sends it again. */
export function receiverTarget(take: (body: Payload, ack: Ack) => Promise<void>): ReceiverTarget {
  const target = {
    async processEvent(event: ReceiverEvent): Promise<void> {
      if (!isObject(event.body)) return;
      const ack = event.ack as AckFn<unknown>;
      await take(event.body, async (response) => void (await (response === undefined ? ack() : ack(response))));
    },
  };
  return target as unknown as ReceiverTarget;
}
