import type { Evidence } from './types.ts';

/** How evidence came in, in words. */
export function cardMessageSource(item: Pick<Evidence, 'how' | 'derivedFrom'>): string {
  switch (item.how) {
    case 'paste':
      return 'paste (a copy from chat, not a forensic original)';
    case 'upload':
      return 'upload';
    case 'message':
      return 'message (a copy from chat, not a forensic original)';
    case 'unpacked':
      return `unpacking ${item.derivedFrom ?? 'an archive'}`;
  }
}
