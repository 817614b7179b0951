// RFC 5424 messages and the three ways to send them. Used by the syslog anchor and the SIEM output.
import { createSocket } from 'node:dgram';
import { connect, isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { AuditError } from './errors.ts';

/** Where a syslog receiver listens. TCP and TLS use octet counting (RFC 6587, 3.4.1; RFC 5425), UDP one datagram (RFC 5426). */
export interface SyslogTarget {
  readonly transport: 'tls' | 'tcp' | 'udp';
  readonly host: string;
  readonly port: number;
  /** PEM of the authority to trust, when it is not a public one. */
  readonly ca?: string;
  readonly timeoutMs?: number;
}

/** Parts of one message; every text may be hostile. */
export interface SyslogMessage {
  /** 0 emergency to 7 debug; the facility is always 13, log audit. */
  readonly severity: number;
  /** UTC, ISO 8601 with milliseconds. */
  readonly at: string;
  readonly host: string;
  readonly messageId: string;
  /** Structured data; the id is made ours. */
  readonly data: Readonly<Record<string, string>>;
  readonly text: string;
}

const FACILITY_LOG_AUDIT = 13;
// 32473 is the number RFC 5612 reserves for examples: the project owns none.
const DATA_ID = 'countersign@32473';
const DEFAULT_TIMEOUT_MS = 5000;

/** One RFC 5424 line without line breaks; `"`, `\` and `]` escaped in values, every control character written as \\uXXXX. */
export function formatSyslog(message: SyslogMessage): string {
  const { severity, at, host, messageId, data, text } = message;
  const priority = FACILITY_LOG_AUDIT * 8 + severity;
  const pairs = Object.entries(data).map(([name, value]) => ` ${paramName(name)}="${paramValue(value)}"`);
  const header = [`<${priority}>1`, token(at, 32), token(host, 255), 'countersign', '-', token(messageId, 32)].join(
    ' ',
  );
  return `${header} [${DATA_ID}${pairs.join('')}] ${oneLine(text)}`;
}

/** Text on one line: line breaks, other controls, bidi and line-separator characters become visible \\uXXXX. */
export function oneLine(text: string): string {
  return text.replace(
    /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|\p{Surrogate}/gu,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/**
 * Sends messages in order over one connection and resolves when it ended without an error, which over TCP and TLS means
 * that the receiver's system took them; syslog has no receipt of its own. Rejects with AuditError `anchor-failed`.
 */
export async function sendSyslog(target: SyslogTarget, lines: readonly string[]): Promise<void> {
  const messages = lines.map((line) => Buffer.from(line, 'utf8'));
  if (target.transport !== 'udp') {
    return sendStream(target, Buffer.concat(messages.flatMap((bytes) => [Buffer.from(`${bytes.length} `), bytes])));
  }
  for (const bytes of messages) await sendDatagram(target, bytes);
}

/** Reads `tls://host:port`, `tcp://host:port` or `udp://host:port`. Throws AuditError `anchor-failed` on any other text. */
export function syslogTarget(text: string): SyslogTarget {
  const [, transport, host, port] = /^(tls|tcp|udp):\/\/([^:/\s]+|\[[0-9a-fA-F:]+\]):(\d{1,5})$/.exec(text) ?? [];
  if (!host || Number(port) < 1 || Number(port) > 65_535) {
    const forms = 'tls://host:6514, tcp://host:601 or udp://host:514';
    throw new AuditError('anchor-failed', `"${text}" is no syslog receiver: write ${forms}`);
  }
  return { transport: transport as SyslogTarget['transport'], host: host.replace(/[[\]]/g, ''), port: Number(port) };
}

function sendStream(target: SyslogTarget, bytes: Buffer): Promise<void> {
  const { host, port, transport, ca } = target;
  return new Promise((resolve, reject) => {
    const socket =
      transport === 'tls'
        ? // An address is no server name (RFC 6066); the certificate is then checked against the address itself.
          connectTls({ host, port, ...(isIP(host) ? {} : { servername: host }), ...(ca ? { ca } : {}) })
        : connect({ host, port });
    const fail = (why: string) => {
      reject(new AuditError('anchor-failed', `syslog ${host}:${port}: ${why}`));
      socket.destroy();
    };
    socket.setTimeout(target.timeoutMs ?? DEFAULT_TIMEOUT_MS, () => fail('no answer in time'));
    socket.on('error', (error) => fail(error.message));
    socket.on('close', () => resolve());
    socket.on(transport === 'tls' ? 'secureConnect' : 'connect', () => {
      socket.end(bytes);
    });
    socket.resume();
  });
}

function sendDatagram({ host, port }: SyslogTarget, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
    socket.send(bytes, port, host, (error) => {
      socket.close();
      if (error) reject(new AuditError('anchor-failed', `syslog ${host}:${port}: ${error.message}`));
      else resolve();
    });
  });
}

/** A header field: printable ASCII without spaces, or the nil value. */
function token(text: string, max: number): string {
  return text.replace(/[^\x21-\x7e]/g, '').slice(0, max) || '-';
}

function paramName(name: string): string {
  return name.replace(/[^\x21-\x7e]|[="\]]/g, '').slice(0, 32) || '-';
}

function paramValue(value: string): string {
  // Controls first, so that the backslash they are written with is escaped like any other.
  return oneLine(value).replace(/["\\\]]/g, '\\$&');
}
