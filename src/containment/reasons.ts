// Why an attempt was refused: a closed union, each with what it means and what to do about it.
import { type Refusal, refuse } from '../refusal.ts';

/** Every code with a phrase that stands alone and says what to do and who can. */
export const reasons = {
  'not-eligible':
    "You are not among those who may approve this. The card names them; the organisation's file decides who they are.",
  self: 'You proposed this, or changed what it runs, so somebody else has to approve it.',
  external:
    "Guests and people from outside cannot approve here unless the organisation's file says so. Ask one of the people the card names.",
  'not-human': 'Only a person can approve. Apps, bots and workflows cannot.',
  'unverified-identity':
    'The chat did not say who you are with an id that can be checked. Sign in again, or press it from your usual account.',
  'directory-unavailable':
    'The directory could not be asked whether you still work here, so nothing was done. Press it again in a moment.',
  'no-approvers':
    'Nobody may approve this. Whoever keeps countersign.yml has to list enough people under approvers for this action.',
  'already-decided': 'This is decided already.',
  'already-voted': 'Your approval is counted already; it needs another person.',
  expired: 'The time for this is over and nothing ran. Propose it again if it is still wanted.',
  superseded:
    'This request was replaced or made void, so it can no longer be approved. Look at the newest card, or propose it again.',
  withdrawn: 'Its proposer withdrew this. Propose it again if it is still wanted.',
  'wrong-context': 'Approving works only with the button on the original card, in the channel it was posted to.',
  changed: 'What this button stood for is no longer what would run. Look at the newest card before you decide.',
  'not-fully-viewed': 'This is longer than the card shows. Open the full text, read it, and approve it there.',
  'challenge-missing':
    'An irreversible step at this severity needs the challenger first. The challenger can challenge it; the commander can waive that with a reason.',
  'step-up-failed':
    'The code from your authenticator was not accepted. Wait for the next one and try again; codes work once.',
  'kill-switch': 'Containment is stopped. The commander or deputy can resume it with a reason.',
  'incident-closed': 'The incident is closed, so nothing runs in it. Its commander can reopen it.',
  'too-many-pending': 'Too many requests are waiting. Decide, deny or withdraw some first.',
  'ledger-unavailable':
    'The ledger cannot be written, so nothing was done. Tell whoever runs Countersign: the disk may be full or locked.',
} as const;

export type ReasonCode = keyof typeof reasons;

/** A refusal with its code's phrase, and what is particular to this one after it. */
export const no = (code: ReasonCode, detail = ''): Refusal<ReasonCode> =>
  refuse(code, detail === '' ? reasons[code] : `${reasons[code]} ${detail}`);
