import type { Command } from './types.ts';

export const step: readonly Command[] = [];
