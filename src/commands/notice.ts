import type { Command } from './types.ts';

export const notice: readonly Command[] = [];
