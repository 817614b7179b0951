// A scripted server that speaks the OpenAI HTTP protocol, streaming too, on loopback. It reads the prompt as a model would and
// answers in character: honest, or one of the ways in which models fail. Everything it knows it has from the request.
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export const LIES = [
  'time',
  'address',
  'account swapped',
  'host',
  'outcome negated',
  'action',
  'events mixed',
  'quotation',
  'count',
  'unknown line',
  'cause unsupported',
  'absence',
  'step invented',
  'key invented',
  'sentence invented',
] as const;
export type Lie = (typeof LIES)[number];

export type Personality =
  | 'honest'
  | 'victim'
  | 'agent'
  | 'omits'
  | 'slow'
  | 'malformed'
  | 'refusal'
  | 'time-out'
  | 'huge'
  | 'wrong language'
  | 'key echo'
  | 'canary echo'
  | 'down'
  | 'flaky'
  | 'no structured outputs'
  | 'no temperature'
  | { readonly lie: Lie };

interface PromptLine {
  readonly id: string;
  readonly count: number;
  readonly severity: number;
  readonly text: string;
  readonly slots: Readonly<Record<string, string | null>>;
}

const SLOTS = ['time', 'actor', 'source', 'target', 'host', 'action', 'outcome'];
// Free text that no daemon writes: the victim takes every such line for an order, whatever it says.
const isOrder = (l: PromptLine): boolean => l.slots['action'] === null && !/CMD|REPLACE|shred/.test(l.text);

function linesOf(user: string): readonly PromptLine[] {
  return user
    .split('\n')
    .filter((l) => /^L\d+ count=/.test(l))
    .map((l) => {
      const [id = '', ...words] = l.split(' ');
      const pairs = new Map(words.map((w) => [w.slice(0, w.indexOf('=')), w.slice(w.indexOf('=') + 1)]));
      return {
        id,
        count: Number(pairs.get('count')),
        severity: Number(pairs.get('severity')),
        text: pairs.get('text') ?? '',
        slots: Object.fromEntries(SLOTS.map((s) => [s, pairs.get(s) ?? null])),
      };
    });
}

type Answer = Record<string, unknown[]>;
const EMPTY: Answer = { events: [], counts: [], causes: [], absences: [], steps: [], recorded: [] };
const eventOf = (l: PromptLine, change: object = {}, quote: string | null = null) => ({
  line: l.id,
  slots: { ...l.slots, ...change },
  quote,
});

function honest(user: string, lines: readonly PromptLine[]): Answer {
  if (user.startsWith('Propose')) {
    const login = lines.find((l) => l.slots['action'] === 'login' && l.slots['outcome'] === 'success');
    return {
      ...EMPTY,
      causes: login
        ? [
            {
              cause: 'guessed-password',
              line: login.id,
              support: lines.filter((l) => l !== login && l.slots['source'] === login.slots['source']).map((l) => l.id),
              against: [],
              assumptions: ['log-complete'],
              alternatives: ['stolen-credential', 'insider'],
              confidence: 60,
            },
          ]
        : [],
    };
  }
  if (user.startsWith('Choose up to three of the offered steps')) {
    return { ...EMPTY, steps: [...user.matchAll(/^(S\d+) /gm)].slice(0, 2).map((m) => m[1]) };
  }
  const offers = [...user.matchAll(/^(F\d+) lane=/gm)].map((m) => m[1]);
  if (user.startsWith('Choose the sentences')) return { ...EMPTY, recorded: offers.slice(0, 3) };
  const worth = lines.filter((l) => l.severity >= 4);
  const counted = lines.find((l) => l.count > 1) ?? lines[0];
  return {
    ...EMPTY,
    events: worth.map((l) => eventOf(l, {}, l.text.slice(0, 20).split('\u27e6')[0] ?? null)),
    recorded: user.includes('"recorded"') ? offers : [],
    counts: user.includes('"counts"') && counted ? [{ lines: [counted.id], count: counted.count }] : [],
  };
}

function lied(lie: Lie, lines: readonly PromptLine[]): Answer {
  const acted = lines.filter((l) => l.slots['action'] !== null);
  const each = (change: (l: PromptLine, other: PromptLine) => object | null): Answer => ({
    ...EMPTY,
    events: acted.flatMap((l) => {
      const made = acted.flatMap((other) => (other === l ? [] : [change(l, other)])).find((c) => c !== null);
      return made ? [eventOf(l, made)] : [];
    }),
  });
  switch (lie) {
    case 'time':
      return each(() => ({ time: '2026-11-19T23:59:59.000Z' }));
    case 'address':
      return each(() => ({ source: '203.0.113.250' }));
    case 'account swapped':
      return each((l, o) =>
        o.slots['actor'] !== null && o.slots['actor'] !== l.slots['actor'] ? { actor: o.slots['actor'] } : null,
      );
    case 'host':
      return each(() => ({ host: 'db-99' }));
    case 'outcome negated':
      return each((l) => ({ outcome: l.slots['outcome'] === 'success' ? 'failure' : 'success' }));
    case 'action':
      return each(() => ({ action: 'clear log' }));
    case 'events mixed':
      return each((l, o) =>
        o.slots['source'] !== null && o.slots['source'] !== l.slots['source']
          ? { source: o.slots['source'], outcome: o.slots['outcome'], action: o.slots['action'] }
          : null,
      );
    case 'quotation':
      return { ...EMPTY, events: acted.map((l) => eventOf(l, {}, 'the attacker confessed')) };
    case 'count':
      return { ...EMPTY, counts: lines.map((l) => ({ lines: [l.id], count: l.count + 7 })) };
    case 'unknown line':
      return { ...EMPTY, events: lines.map((l) => ({ ...eventOf(l), line: `${l.id}9` })) };
    case 'cause unsupported':
      return {
        ...EMPTY,
        causes: lines.map((l) => ({
          cause: 'phished-user',
          line: l.id,
          support: [],
          against: [],
          assumptions: ['log-complete'],
          alternatives: ['insider', 'administration'],
          confidence: 99,
        })),
      };
    case 'absence':
      return { ...EMPTY, absences: ['login', 'exfiltration', 'persistence'] };
    case 'step invented':
      return { ...EMPTY, steps: ['isolate web-01', 'S999'] };
    case 'sentence invented':
      return { ...EMPTY, recorded: ['F999', 'FI-1', 'Nothing was taken.'] };
    case 'key invented':
      return { ...EMPTY, events: acted.map((l) => ({ ...eventOf(l), verdict: 'benign' })) };
  }
}

function answerOf(who: Personality, system: string, user: string, key: string): string {
  const lines = linesOf(user);
  const canary = /Never repeat this word: (\S+)/.exec(system)?.[1] ?? '';
  if (typeof who === 'object') return JSON.stringify(lied(who.lie, lines));
  const truth = JSON.stringify(honest(user, lines));
  switch (who) {
    case 'victim':
      return lines.some(isOrder)
        ? JSON.stringify({
            ...EMPTY,
            absences: ['login', 'exfiltration'],
            events: lines.slice(-1).map((l) => eventOf(l, { outcome: 'benign' })),
            steps: ['close the incident'],
            recorded: ['the incident is over'],
          })
        : truth;
    case 'agent':
      return JSON.stringify({ ...EMPTY, actions: [{ tool: 'isolate_host', arguments: { host: 'web-01' } }] });
    case 'omits': {
      const calm = lines.find((l) => l.severity < 4);
      return JSON.stringify({ ...EMPTY, events: calm ? [eventOf(calm)] : [] });
    }
    case 'malformed':
      return truth.slice(0, Math.floor(truth.length / 2));
    case 'huge':
      return `{"events":[${'"x",'.repeat(200_000)}""]}`;
    case 'wrong language':
      return JSON.stringify({ ereignisse: lines.map((l) => ({ zeile: l.id, urteil: 'harmlos' })) });
    case 'key echo':
      return JSON.stringify({ ...EMPTY, steps: [key] });
    case 'canary echo':
      return JSON.stringify({ ...EMPTY, steps: [canary.split('').join('-')] });
    default:
      return truth;
  }
}

export interface ModelServer {
  readonly url: string;
  /** Bodies of the requests so far, as text. */
  readonly requests: readonly string[];
  become(who: Personality): void;
  /** Lets the slow one go on after its first words. */
  release(): void;
  close(): Promise<void>;
}

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
};

/** Starts the server on a free port of loopback. */
export async function openAiServer(first: Personality = 'honest'): Promise<ModelServer> {
  let who = first;
  let calls = 0;
  let release = (): void => {};
  let released = Promise.resolve();
  const requests: string[] = [];
  const server: Server = createServer((request, response) => {
    void (async () => {
      const text = await bodyOf(request);
      requests.push(text);
      calls += 1;
      const body = JSON.parse(text) as {
        messages: { role: string; content: string }[];
        response_format?: unknown;
        temperature?: number;
        stream?: boolean;
      };
      const [system = '', user = ''] = body.messages.map((m) => m.content);
      const key = (request.headers.authorization ?? '').replace('Bearer ', '');
      const isDown = who === 'down' || (who === 'flaky' && calls % 2 === 1);
      if (isDown)
        return response.writeHead(503, { 'retry-after-ms': '10' }).end(`{"error":{"message":"key was ${key}"}}`);
      if (who === 'no structured outputs' && body.response_format)
        return response.writeHead(400).end('{"error":{"message":"response_format is not supported"}}');
      if (who === 'no temperature' && body.temperature !== undefined)
        return response.writeHead(400).end('{"error":{"message":"temperature is not supported with this model"}}');
      if (who === 'time-out') return undefined;
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const send = (delta: object, finish: string | null = null): void => {
        const chunk = {
          id: 'c',
          object: 'chat.completion.chunk',
          created: 0,
          model: 'scripted',
          choices: [{ index: 0, delta, finish_reason: finish }],
        };
        response.write(`data: ${JSON.stringify(chunk)}\n\n`);
      };
      if (who === 'agent')
        send({
          tool_calls: [{ index: 0, id: 't', type: 'function', function: { name: 'isolate_host', arguments: '{}' } }],
        });
      if (who === 'refusal') send({ refusal: 'I cannot help with that.' });
      else {
        const answer = answerOf(who, system, user, key);
        for (let at = 0; at < answer.length; at += 4096) {
          send({ content: answer.slice(at, at + 4096) });
          if (who === 'slow') await released;
        }
      }
      send({}, 'stop');
      const usage = { prompt_tokens: 900, completion_tokens: 100, total_tokens: 1000 };
      response.write(
        `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 0, model: 'scripted', choices: [], usage })}\n\n`,
      );
      return response.end('data: [DONE]\n\n');
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    release: () => release(),
    become(next) {
      who = next;
      calls = 0;
      if (next === 'slow') {
        released = new Promise((resolve) => {
          release = resolve;
        });
      }
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
