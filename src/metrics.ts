// /healthz and /metrics, on prom-client.
import type { ServerResponse } from 'node:http';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Store } from './store/types.ts';

export interface Metrics {
  answer(path: '/healthz' | '/metrics', response: ServerResponse): Promise<void>;
}

/** Health says whether a decision could be written now; metrics say how much was. */
export function createMetrics(store: Store): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'countersign_ledger_records',
    help: 'Records in the ledger.',
    registers: [registry],
    async collect() {
      this.set(await store.size());
    },
  });
  new Gauge({
    name: 'countersign_outbox_waiting',
    help: 'Messages that are due and not delivered, at most 1000.',
    registers: [registry],
    async collect() {
      this.set((await store.dueOutbox(Number.MAX_SAFE_INTEGER, 1000)).length);
    },
  });
  new Gauge({
    name: 'countersign_inbox_waiting',
    help: 'Deliveries of chat platforms that are kept and not finished.',
    registers: [registry],
    async collect() {
      this.set((await store.arrivals.state()).waiting);
    },
  });
  new Gauge({
    name: 'countersign_inbox_given_up',
    help: 'Deliveries of the last 30 days that could not be handled and are not tried any more.',
    registers: [registry],
    async collect() {
      this.set((await store.arrivals.state()).givenUp.length);
    },
  });
  return {
    async answer(path, response) {
      if (path === '/metrics') {
        response.writeHead(200, { 'content-type': registry.contentType }).end(await registry.metrics());
        return;
      }
      const health = await store.health();
      const { waiting, givenUp } = await store.arrivals.state();
      response
        .writeHead(health.isWritable ? 200 : 503, { 'content-type': 'application/json' })
        .end(
          `${JSON.stringify({ status: health.isWritable ? 'ok' : 'the ledger cannot be written', inbox: { waiting, givenUp: givenUp.length }, settings: health.settings })}\n`,
        );
    },
  };
}
