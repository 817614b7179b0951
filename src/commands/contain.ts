import type { Command } from './types.ts';

export const contain: readonly Command[] = [];
