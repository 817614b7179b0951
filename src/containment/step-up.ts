// A code from an authenticator besides the chat account (RFC 6238). Secrets are made at the server and never cross a chat.

/** What a code was worth. */
export type StepUpResult = 'passed' | 'wrong' | 'reused' | 'not-enrolled';

/** Checks codes; each code of a person works once, over all processes. */
export interface StepUp {
  check(person: string, code: string): Promise<StepUpResult>;
}

/** Nobody is enrolled: every code is refused. */
export const noStepUp: StepUp = { check: async () => 'not-enrolled' };
