// What Teams takes, as data. Sizes are aims below the platform's own limits.

/** Bytes and counts of messages and cards. */
export const LIMITS = {
  /** Teams refuses a message over about 100 KB in UTF-16. */
  messageUtf16Bytes: 80_000,
  cardBytes: 28_000,
  /** What a part may weigh before buttons, notes and the frame around it are added. */
  partBytes: 22_000,
  /** A request from the Bot Connector; a paste arrives twice in it, as text and as HTML. */
  requestBytes: 512_000,
  refreshUserIds: 60,
  tableRows: 60,
  primaryButtons: 3,
  buttonLabel: 75,
  summary: 500,
  /** A form that opens in place, and the text of an answer without a card. */
  answerText: 1_000,
} as const;

/** At most `count` calls in `perMs` milliseconds. */
export interface Budget {
  readonly count: number;
  readonly perMs: number;
}

/** Budgets of one bot in one thread. */
export const BUDGETS: readonly Budget[] = [
  { count: 7, perMs: 1_000 },
  { count: 8, perMs: 2_000 },
  { count: 60, perMs: 30_000 },
  { count: 1_800, perMs: 3_600_000 },
];

/** Who is in a conversation may be asked twice as often as messages are sent. */
export const ROSTER_BUDGETS: readonly Budget[] = BUDGETS.map(({ count, perMs }) => ({ count: 2 * count, perMs }));

/** Answers of the Bot Connector that ask to come again later. */
export const TRY_LATER: ReadonlySet<number> = new Set([412, 429, 502, 503, 504]);

/** Where Microsoft keeps files of a private chat: hosts that end in one of these, over https. */
export const FILE_HOSTS: readonly string[] = [
  '.sharepoint.com',
  '.sharepoint-df.com',
  '.sharepoint.us',
  '.sharepoint.cn',
  '.sharepoint-mil.us',
  '.onedrive.com',
  '.svc.ms',
];

/** How long a standing from the directory is good for typed commands; a decision asks anew every time. */
export const STANDING_GOOD_FOR_MS = 300_000;
export const CALL_TIMEOUT_MS = 10_000;
export const DOWNLOAD_TIMEOUT_MS = 60_000;
/** How long a file waits for somebody to take it. */
export const FILES_WAIT_MS = 14 * 24 * 3_600_000;

/** What is held of messages that did not mention the bot, per conversation: enough to capture one that was just said. */
export const SEEN = { messages: 300, longest: 30_000, forMs: 3 * 24 * 3_600_000 } as const;
