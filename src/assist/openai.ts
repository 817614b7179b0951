// A model behind the OpenAI HTTP protocol: Azure, vLLM, Ollama and llama.cpp speak it too. It gets one prompt and gives one text.
import OpenAI, { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from 'openai';
import { z } from 'zod';
import { outputSchema } from './ground.ts';
import { tokensOf } from './prompt.ts';
import type { Assistant, Failure, Prompt, Reply } from './types.ts';

const MOST_CHARACTERS = 200_000;
const MOST_ANSWER_TOKENS = 8_000;
const FAILURES_BEFORE_OPEN = 3;
const OPEN_MS = 5 * 60_000;

export interface ModelSettings {
  /** Empty for local servers that want none. */
  readonly key: string;
  readonly url: string;
  readonly model: string;
  /** For the whole answer, retries included. */
  readonly timeoutMs: number;
  readonly retries: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly [key: string]: unknown;
}

// Strict structured outputs want every key required and know no string lengths.
function strictSchema(schema: JsonSchema): JsonSchema {
  const { minLength: _a, maxLength: _b, $schema: _c, properties, items, anyOf, ...rest } = schema;
  return {
    ...rest,
    ...(properties
      ? {
          properties: Object.fromEntries(Object.entries(properties).map(([k, v]) => [k, strictSchema(v)])),
          required: Object.keys(properties),
          additionalProperties: false,
        }
      : {}),
    ...(items ? { items: strictSchema(items) } : {}),
    ...(Array.isArray(anyOf) ? { anyOf: (anyOf as JsonSchema[]).map(strictSchema) } : {}),
  };
}

const answerSchema = strictSchema(z.toJSONSchema(outputSchema) as JsonSchema);

const failed = (why: Failure, message: string, tokens = 0): Reply => ({ kind: 'failed', why, message, tokens });

/** What a failure means and what to do; never words of the server, which could hold anything. */
function failureOf(error: unknown, spent: number): Reply {
  if (error instanceof APIConnectionTimeoutError || error instanceof APIUserAbortError)
    return failed('time-out', 'the model did not answer in time.', spent);
  if (error instanceof APIConnectionError)
    return failed('unreachable', 'the model cannot be reached. Check COUNTERSIGN_ASSISTANT_URL and the network.');
  if (error instanceof APIError && error.status !== undefined) {
    const { status } = error as { status: number };
    if (status === 401 || status === 403)
      return failed(
        'rejected',
        `the model\u2019s server refused the key (${status}). Check COUNTERSIGN_ASSISTANT_KEY.`,
      );
    if (status === 404)
      return failed('rejected', 'there is no such model or address. Check COUNTERSIGN_ASSISTANT_MODEL and _URL.');
    if (status === 429)
      return failed('rejected', 'the model\u2019s server says: too many requests, or no credit (429).');
    return failed(
      status >= 500 ? 'unreachable' : 'rejected',
      `the model\u2019s server answered with an error (${status}).`,
    );
  }
  return failed('unreachable', 'the model\u2019s answer broke off.', spent);
}

/** The model of the settings, with time-out, retries that back off, a budget, and a circuit breaker. Its answers are raw text for grounding. */
export function openAiAssistant(settings: ModelSettings): Assistant {
  const client = new OpenAI({
    apiKey: settings.key || 'none',
    baseURL: settings.url,
    maxRetries: settings.retries,
    timeout: settings.timeoutMs,
    organization: null,
    project: null,
    logLevel: 'off',
  });
  let failures = 0;
  let openUntil = 0;
  // What the server was found not to know: 1 structured outputs, 2 a temperature too.
  let unknown = 0;

  async function read(prompt: Prompt, onText: ((characters: number) => void) | undefined): Promise<Reply> {
    const signal = AbortSignal.timeout(settings.timeoutMs);
    const stream = await client.chat.completions.create(
      {
        model: settings.model,
        stream: true,
        stream_options: { include_usage: true },
        ...(unknown < 2 ? { temperature: 0 } : {}),
        max_completion_tokens: MOST_ANSWER_TOKENS,
        messages: [
          { role: 'system', content: prompt.system },
          { role: 'user', content: prompt.user },
        ],
        ...(unknown > 0
          ? {}
          : {
              response_format: {
                type: 'json_schema' as const,
                json_schema: { name: 'answer', strict: true, schema: answerSchema },
              },
            }),
      },
      { signal },
    );
    let text = '';
    let tokens = tokensOf(prompt);
    let ending: string | null = null;
    for await (const chunk of stream) {
      const [choice] = chunk.choices ?? [];
      if (choice?.delta?.refusal) {
        stream.controller.abort();
        return failed('refused', 'the model refused to answer.', tokens);
      }
      text += choice?.delta?.content ?? '';
      ending = choice?.finish_reason ?? ending;
      if (chunk.usage) tokens = chunk.usage.total_tokens;
      if (text.length > MOST_CHARACTERS) {
        stream.controller.abort();
        return failed('too-long', 'the model\u2019s answer is far too long.', tokens + Math.ceil(text.length / 3));
      }
      onText?.(text.length);
    }
    // The SDK ends a stream quietly when its signal fires.
    if (signal.aborted) return failed('time-out', 'the model did not answer in time.', tokens);
    if (ending === 'content_filter') return failed('refused', 'the model refused to answer.', tokens);
    if (ending === 'length') return failed('too-long', 'the model\u2019s answer was cut off at its limit.', tokens);
    if (text === '') return failed('refused', 'the model gave an empty answer.', tokens);
    if (settings.key !== '' && text.includes(settings.key))
      return failed('rejected', 'the model\u2019s answer repeated the key, so it was thrown away.', tokens);
    return { kind: 'answered', text, tokens };
  }

  async function readOnce(prompt: Prompt, onText: ((characters: number) => void) | undefined): Promise<Reply> {
    try {
      return await read(prompt, onText);
    } catch (error) {
      // Servers say so with 400, and some models take no temperature; grounding holds any answer to the same shape.
      if (unknown < 2 && error instanceof APIError && error.status === 400) {
        unknown += 1;
        return readOnce(prompt, onText);
      }
      return failureOf(error, tokensOf(prompt));
    }
  }

  return {
    name: `model ${settings.model}`,
    isModel: true,
    async check() {
      try {
        await client.models.list({ signal: AbortSignal.timeout(5000), maxRetries: 0 });
        return null;
      } catch (error) {
        // Servers that have no list of models answer all the same.
        if (error instanceof APIError && (error.status === 404 || error.status === 405)) return null;
        const failure = failureOf(error, 0);
        return failure.kind === 'failed' ? failure.message : null;
      }
    },
    async answer({ prompt, tokensLeft, onText }) {
      if (tokensOf(prompt) + MOST_ANSWER_TOKENS > tokensLeft)
        return failed('budget', 'the budget of this incident is used up (COUNTERSIGN_ASSISTANT_TOKENS).');
      if (settings.now() < openUntil)
        return failed('circuit-open', 'the model failed several times in a row and is left alone for a few minutes.');
      const reply = await readOnce(prompt, onText);
      const isFault = reply.kind === 'failed' && (reply.why === 'time-out' || reply.why === 'unreachable');
      failures = isFault ? failures + 1 : 0;
      if (failures >= FAILURES_BEFORE_OPEN) {
        openUntil = settings.now() + OPEN_MS;
        failures = 0;
      }
      return reply;
    },
  };
}
