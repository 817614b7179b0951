// Mail to those a notice reaches by address. SMTP can lose an answer: a repeated mail then carries the same Message-ID.
import { createTransport } from 'nodemailer';
import { sha256Hex } from '../audit/canonical.ts';

/** One mail to one address; `key` is the outbox's key of the message. */
export interface Letter {
  readonly key: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

export interface Mailer {
  /** Hands a letter to the mail server. Throws when the server does not take it. */
  readonly send: (letter: Letter) => Promise<void>;
  readonly close: () => void;
}

/** A mailer for an SMTP server. `url` is `smtp://user:password@host:port` or `smtps://...`; plain text only, no attachments. */
export function createMailer(url: string, from: string): Mailer {
  // Nothing a notice says may make the program read a file or fetch an address.
  const transport = createTransport(url, { from, disableFileAccess: true, disableUrlAccess: true });
  return {
    async send({ key, to, subject, text }) {
      await transport.sendMail({
        to,
        subject,
        text,
        messageId: `<${sha256Hex(key).slice(0, 40)}@${from.slice(from.lastIndexOf('@') + 1)}>`,
        // Out-of-office replies to an incident notice help nobody.
        headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
      });
    },
    close: () => transport.close(),
  };
}
