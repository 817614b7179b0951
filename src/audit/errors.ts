/** Why something of the audit log was refused or found broken. Closed: the verifier, the service and the terminal switch over it. */
export type AuditCode =
  | 'not-canonical'
  | 'bad-key'
  | 'bad-note'
  | 'bad-signature'
  | 'bad-checkpoint'
  | 'bad-receipt'
  | 'bad-proof'
  | 'bad-export'
  | 'root-mismatch'
  | 'record-changed'
  | 'record-missing'
  | 'inconsistent'
  | 'behind-anchor'
  | 'forked-head'
  | 'anchor-failed'
  | 'bad-record'
  /** What was named is not what it should be: nothing was checked, and nothing is wrong with any ledger. */
  | 'wrong-call';

/** The one error of the audit modules. `seq` names the first bad record when one is known; the message says what to do. */
export class AuditError extends Error {
  readonly code: AuditCode;
  readonly seq: number | null;

  constructor(code: AuditCode, message: string, seq: number | null = null) {
    super(message);
    this.name = 'AuditError';
    this.code = code;
    this.seq = seq;
  }
}
