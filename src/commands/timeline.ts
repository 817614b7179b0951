import type { Command } from './types.ts';

export const timeline: readonly Command[] = [];
