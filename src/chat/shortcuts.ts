// Shortcuts, emoji and channel changes as intents. The message they point at travels in the event; commands read it there.
import type { Intent } from '../view/types.ts';
import type { ChatEvent, ShortcutName } from './types.ts';

const SHORTCUTS: Readonly<Record<ShortcutName, string>> = {
  'add-to-timeline': 'timeline capture',
  'read-as-log': 'log read',
  'keep-as-evidence': 'log keep',
  'ask-about-this': 'finding ask',
};

/** Emoji that mean something; names as chat tools spell them. None of them ever approves or verifies. */
const EMOJI: Readonly<Record<string, string>> = {
  pushpin: 'timeline capture',
  white_check_mark: 'finding request-verification',
  question: 'finding question',
};

/** Whether somebody wants something by that emoji. */
export const isMeant = (emoji: string): boolean => Object.hasOwn(EMOJI, emoji.replaceAll(':', ''));

/** What such an event asks for, or null for nothing. */
export function shortcutIntents(
  event: Extract<
    ChatEvent,
    {
      kind:
        | 'message'
        | 'shortcut'
        | 'reaction'
        | 'source-changed'
        | 'joined'
        | 'invited'
        | 'met'
        | 'conversation-changed';
    }
  >,
): Intent | null {
  switch (event.kind) {
    case 'message':
      return event.offered?.length ? { verb: 'log offer', args: {} } : null;
    case 'met':
      return { verb: 'help welcome', args: {} };
    case 'shortcut':
      return { verb: SHORTCUTS[event.shortcut], args: {} };
    case 'reaction': {
      const verb = EMOJI[event.emoji.replaceAll(':', '')];
      if (!verb) return null;
      if (event.isAdded) return { verb, args: {} };
      return verb === 'timeline capture' ? { verb: 'timeline release', args: {} } : null;
    }
    case 'source-changed':
      return { verb: 'timeline source-changed', args: {} };
    case 'joined':
      return { verb: 'status joined', args: {} };
    case 'invited':
      return { verb: 'status invited', args: {} };
    case 'conversation-changed':
      return { verb: 'status conversation-changed', args: {} };
  }
}
