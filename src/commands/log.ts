import type { Command } from './types.ts';

export const log: readonly Command[] = [];
