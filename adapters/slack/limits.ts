// Slack's limits as data. Lengths are UTF-16 units; what is marked so was not confirmed by Slack's own pages.

/** Largest values Slack takes. */
export const LIMITS = {
  blocksInMessage: 50,
  blocksInView: 100,
  sectionText: 3000,
  header: 150,
  contextElements: 10,
  contextText: 2000,
  actionsElements: 25,
  buttonText: 75,
  buttonValue: 2000,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  modalTitle: 24,
  modalButton: 24,
  privateMetadata: 3000,
  id: 255,
  options: 100,
  optionText: 75,
  optionValue: 75,
  choices: 10,
  inputLabel: 2000,
  inputHint: 2000,
  plainTextInput: 3000,
  fileInputFiles: 10,
  /** `text` is cut beyond this, with a warning only. */
  messageText: 40_000,
  /** Over all blocks of one message chat.postMessage fails with msg_blocks_too_long at about this, though each is legal. */
  messageTotal: 13_200,
  viewBytes: 250_000,
} as const;

/** What we aim for, well inside what breaks. */
export const BUDGET = {
  messageTotal: 10_000,
  fallbackText: 3900,
  /** One rich text block: Slack names no limit, so it is kept to a section's. */
  richText: 2900,
  viewTotal: 120_000,
  fileAltText: 1000,
} as const;

/** How long things live. */
export const LIVES = {
  acknowledgeMs: 3000,
  /** How far a request's time may be off, either way. */
  signatureMs: 5 * 60_000,
  triggerMs: 3000,
  responseUrlMs: 30 * 60_000,
  responseUrlUses: 5,
  /** Slack takes about one message a second into a channel. */
  betweenPostsMs: 1000,
} as const;
