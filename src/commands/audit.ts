// audit: the record of everything: list, check, export.
import type { Command } from './types.ts';

export const audit: readonly Command[] = [];
