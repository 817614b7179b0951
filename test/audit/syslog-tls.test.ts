// Heads to a real TLS syslog receiver (RFC 5425) on loopback, with a certificate of an authority of its own.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { syslogAnchor } from '../../src/audit/anchors.ts';
import { openCheckpoint, signCheckpoint } from '../../src/audit/checkpoint.ts';
import { generateKey } from '../../src/audit/keys.ts';
import { sendSyslog } from '../../src/audit/syslog.ts';

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
const title = hasOpenssl
  ? 'a TLS syslog receiver'
  : 'openssl is not here to make a certificate: TLS syslog is not tested';

/** A certificate for these names, signed by itself. */
function certificate(names: string): { readonly key: string; readonly cert: string } {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-tls-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const config = join(folder, 'openssl.cnf');
  writeFileSync(config, '[req]\ndistinguished_name=dn\n[dn]\n');
  const made = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', key, '-out', cert];
  const about = ['-days', '2', '-subj', '/CN=syslog.example', '-addext', `subjectAltName=${names}`, '-config', config];
  execFileSync('openssl', ['req', '-x509', ...made, ...about], { stdio: 'pipe' });
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
}

describe.skipIf(!hasOpenssl)(title, () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  async function receiver(names: string) {
    const { key, cert } = certificate(names);
    let bytes = Buffer.alloc(0);
    let ended = () => {};
    const done = new Promise<void>((resolve) => {
      ended = resolve;
    });
    const server = createServer({ key, cert }, (socket) => {
      socket.on('data', (chunk) => {
        bytes = Buffer.concat([bytes, chunk]);
      });
      socket.on('end', () => {
        socket.end();
        ended();
      });
    });
    server.on('tlsClientError', () => {});
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    return { port, ca: cert, done, received: () => bytes.toString('utf8') };
  }

  /** The messages of octet-counted frames (RFC 6587 section 3.4.1). */
  function messages(text: string): string[] {
    const found: string[] = [];
    for (let rest = Buffer.from(text); rest.length > 0; ) {
      const space = rest.indexOf(32);
      const length = Number(rest.subarray(0, space).toString());
      found.push(rest.subarray(space + 1, space + 1 + length).toString('utf8'));
      rest = rest.subarray(space + 1 + length);
    }
    return found;
  }

  it('takes each head whole, and the head in it opens with the key', async () => {
    const { port, ca, done, received } = await receiver('IP:127.0.0.1');
    const key = generateKey('log.example/audit');
    const head = signCheckpoint(7, new Uint8Array(32).fill(1), key);
    const target = { transport: 'tls', host: '127.0.0.1', port, ca } as const;
    await syslogAnchor(target, 'ir-1', () => 0).write(openCheckpoint(head.note, [key.verifier]));
    await done;
    const [message, ...more] = messages(received());
    expect(more).toEqual([]);
    expect(message).toMatch(/^<\d+>1 1970-01-01T00:00:00.000Z ir-1 countersign - checkpoint.signed \[/);
    const note = Buffer.from(/ note="([^"]+)"/.exec(message!)?.[1] ?? '', 'base64').toString('utf8');
    expect(openCheckpoint(note, [key.verifier])).toMatchObject({ size: 7 });
  });

  it('keeps several messages apart, whatever is in them', async () => {
    const { port, ca, done, received } = await receiver('DNS:localhost,IP:127.0.0.1');
    const lines = ['<86>1 - - - - - - one', '<86>1 - - - - - - zwei ü 2 <86>1'];
    await sendSyslog({ transport: 'tls', host: 'localhost', port, ca }, lines);
    await done;
    expect(messages(received())).toEqual(lines);
  });

  it.each([
    ['a certificate nobody vouches for', 'IP:127.0.0.1', false],
    ['a certificate for somebody else', 'DNS:other.example', true],
  ])('refuses %s, and sends it nothing', async (_name, names, isTrusted) => {
    const { port, ca, received } = await receiver(names);
    const target = { transport: 'tls', host: '127.0.0.1', port, ...(isTrusted ? { ca } : {}) } as const;
    await expect(sendSyslog(target, ['<86>1 - - - - - - x'])).rejects.toMatchObject({ code: 'anchor-failed' });
    expect(received()).toBe('');
  });
});
