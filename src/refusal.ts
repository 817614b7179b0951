/** An expected no: a code that machines can count and a phrase that tells the person what to do, and who can. */
export interface Refusal<Code extends string = string> {
  readonly kind: 'refused';
  readonly code: Code;
  readonly message: string;
}

export const refuse = <Code extends string>(code: Code, message: string): Refusal<Code> => ({
  kind: 'refused',
  code,
  message,
});

export const isRefusal = (value: unknown): value is Refusal =>
  typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === 'refused';
