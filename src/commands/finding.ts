import type { Command } from './types.ts';

export const finding: readonly Command[] = [];
