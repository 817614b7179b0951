import { createSocket } from 'node:dgram';
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { type Anchor, checkAgainstAnchors, fileAnchor, httpAnchor, syslogAnchor } from '../../src/audit/anchors.ts';
import { leafHash } from '../../src/audit/canonical.ts';
import { signCheckpoint } from '../../src/audit/checkpoint.ts';
import { generateKey } from '../../src/audit/keys.ts';
import { MerkleTree } from '../../src/audit/merkle.ts';
import { formatSyslog, oneLine, sendSyslog } from '../../src/audit/syslog.ts';

const key = generateKey('log.example/audit');
const folder = () => mkdtempSync(join(tmpdir(), 'countersign-anchor-'));
const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

function treeOf(size: number, salt = ''): MerkleTree {
  const tree = new MerkleTree();
  for (let i = 0; i < size; i++) tree.append(leafHash(new TextEncoder().encode(`${salt}${i}`)));
  return tree;
}

const head = (tree: MerkleTree, size = tree.size) => signCheckpoint(size, tree.root(size), key);

async function listen(server: Server | ReturnType<typeof createTcpServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUps.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'accepted',
    (error: { code?: string }) => error.code ?? String(error),
  );
}

/** A real receiver that keeps checkpoints the way a customer's would. */
async function receiver(): Promise<{ url: string; kept: string[]; say: (status: number) => void }> {
  const kept: string[] = [];
  let status = 200;
  const server = createServer((request, response) => {
    if (request.method === 'GET') {
      response.statusCode = kept.length > 0 ? status : 404;
      response.end(kept.at(-1));
      return;
    }
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      if (status === 200) kept.push(body);
      response.writeHead(status, { location: 'http://127.0.0.1:1/' }).end();
    });
  });
  const port = await listen(server);
  return { url: `http://127.0.0.1:${port}/checkpoints`, kept, say: (next) => (status = next) };
}

describe('the file anchor', () => {
  it('keeps every checkpoint in a read-only file of its own and gives back the largest', async () => {
    const tree = treeOf(30);
    const path = folder();
    const anchor = fileAnchor(path);
    expect(await anchor.newest()).toBeNull();
    for (const size of [9, 30, 10]) await anchor.write(head(tree, size));
    await anchor.write(head(tree, 30));
    expect(readdirSync(path)).toHaveLength(3);
    expect(await fileAnchor(path).newest()).toBe(head(tree, 30).note);
  });

  it('abuse G6: never holds two heads of one size', async () => {
    const anchor = fileAnchor(folder());
    await anchor.write(head(treeOf(5)));
    expect(await codeOf(anchor.write(head(treeOf(5, 'fork'))))).toBe('forked-head');
  });

  it('passes over a file that a crash cut off', async () => {
    const path = folder();
    const anchor = fileAnchor(path);
    const good = head(treeOf(5));
    await anchor.write(good);
    writeFileSync(join(path, 'checkpoint-0000000000000009'), good.note.slice(0, 20));
    expect(await anchor.newest()).toBe(good.note);
  });

  it('takes a half-written file for a failure, not for a fork: another process may be writing it', async () => {
    const path = folder();
    const anchor = fileAnchor(path);
    for (const half of ['', head(treeOf(5)).note.slice(0, 30)]) {
      writeFileSync(join(path, 'checkpoint-0000000000000005'), half);
      expect(await codeOf(anchor.write(head(treeOf(5))))).toBe('anchor-failed');
    }
  });
});

describe('the HTTP anchor', () => {
  it('posts the note and reads the newest back', async () => {
    const { url, kept } = await receiver();
    const anchor = httpAnchor({ url, isReadable: true });
    expect(await anchor.newest()).toBeNull();
    await anchor.write(head(treeOf(3)));
    expect(kept).toEqual([head(treeOf(3)).note]);
    expect(await anchor.newest()).toBe(kept[0]);
    expect(await httpAnchor({ url }).newest()).toBeNull();
  });

  it('fails on an error answer and follows no redirect', async () => {
    const { url, say } = await receiver();
    const anchor = httpAnchor({ url });
    say(500);
    expect(await codeOf(anchor.write(head(treeOf(3))))).toBe('anchor-failed');
    say(302);
    await expect(anchor.write(head(treeOf(3)))).rejects.toThrow();
  });
});

describe('the syslog anchor', () => {
  it('sends one octet-counted RFC 5424 message over TCP', async () => {
    let received = '';
    const server = createTcpServer((socket) => {
      socket.on('data', (chunk) => (received += chunk));
      socket.on('end', () => socket.end());
    });
    const port = await listen(server);
    const checkpoint = head(treeOf(3));
    await syslogAnchor({ transport: 'tcp', host: '127.0.0.1', port }, 'ir-1', () => 0).write(checkpoint);
    const [, length, line] = /^(\d+) (.*)$/s.exec(received)!;
    expect(Number(length)).toBe(Buffer.byteLength(line!));
    expect(line).toContain(
      '<109>1 1970-01-01T00:00:00.000Z ir-1 countersign - checkpoint.signed [countersign@32473 origin="log.example/audit" size="3"',
    );
    expect(Buffer.from(/note="([^"]+)"/.exec(line!)![1]!, 'base64').toString()).toBe(checkpoint.note);
  });

  it('sends a datagram over UDP, and says so when nobody listens over TCP', async () => {
    const socket = createSocket('udp4');
    cleanUps.push(() => socket.close());
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    const got = new Promise<string>((resolve) => socket.once('message', (bytes) => resolve(bytes.toString())));
    await syslogAnchor({ transport: 'udp', host: '127.0.0.1', port: socket.address().port }, 'ir-1', () => 0).write(
      head(treeOf(3)),
    );
    expect(await got).toMatch(/^<109>1 /);
    expect(await codeOf(sendSyslog({ transport: 'tcp', host: '127.0.0.1', port: 1 }, ['x']))).toBe('anchor-failed');
  });

  it('escapes what would forge a line or a parameter', () => {
    const line = formatSyslog({
      severity: 6,
      at: '2026-11-20T00:00:00.000Z',
      host: 'a b',
      messageId: 'x\ny',
      data: { 'na=me"]': 'q" b\\ c] \n<34>1 forged' },
      text: 'one\r\ntwo\u2028three\u202efour\u0000',
    });
    expect(line).toBe(
      '<110>1 2026-11-20T00:00:00.000Z ab countersign - xy [countersign@32473 name="q\\" b\\\\ c\\] \\\\u000a<34>1 forged"] one\\u000d\\u000atwo\\u2028three\\u202efour\\u0000',
    );
  });

  it('makes any text one line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(oneLine(text)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/);
      }),
    );
  });
});

describe('the check against the anchors at start', () => {
  const anchored = async (tree: MerkleTree): Promise<Anchor> => {
    const anchor = fileAnchor(folder());
    await anchor.write(head(tree));
    return anchor;
  };
  const check = (tree: MerkleTree, anchors: readonly Anchor[]) => checkAgainstAnchors(tree, [key.verifier], anchors);

  it('passes when every anchor agrees, and tells them apart from empty and unreachable ones', async () => {
    const { url } = await receiver();
    const gone = folder();
    const lost = fileAnchor(gone);
    rmSync(gone, { recursive: true });
    const findings = await check(treeOf(9), [await anchored(treeOf(7)), httpAnchor({ url, isReadable: true }), lost]);
    expect(findings.map(({ state, size }) => [state, size])).toEqual([
      ['agrees', 7],
      ['empty', 0],
      ['unreachable', 0],
    ]);
  });

  it('abuse G5: refuses a store older than the newest anchor', async () => {
    expect(await codeOf(check(treeOf(6), [await anchored(treeOf(7))]))).toBe('behind-anchor');
  });

  it('abuse G3, past F10: refuses a store whose tail was cut, although the rest is whole', async () => {
    await expect(check(treeOf(97), [await anchored(treeOf(100))])).rejects.toMatchObject({
      code: 'behind-anchor',
      seq: 97,
    });
  });

  it('abuse G4: refuses a rewritten store of any length', async () => {
    const anchors = [await anchored(treeOf(7))];
    for (const size of [7, 8, 200]) expect(await codeOf(check(treeOf(size, 'x'), anchors))).toBe('inconsistent');
  });

  it('refuses when an anchor holds a head that another key signed: the key was swapped', async () => {
    const anchors = [await anchored(treeOf(7))];
    expect(await codeOf(checkAgainstAnchors(treeOf(9), [generateKey('log.example/audit').verifier], anchors))).toBe(
      'bad-signature',
    );
  });

  it('is not fooled by an anchor folder that cannot be listed', async () => {
    const path = folder();
    const anchor = fileAnchor(path);
    await anchor.write(head(treeOf(7)));
    chmodSync(path, 0o000);
    cleanUps.push(() => chmodSync(path, 0o700));
    const [finding] = await check(treeOf(9), [anchor]);
    // Root may list it all the same; nobody may call it empty.
    expect(['agrees', 'unreachable']).toContain(finding!.state);
  });
});
