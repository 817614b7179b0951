import { toBase64 } from './base64.ts';
import type { SignedCheckpoint } from './checkpoint.ts';
import { formatVerifierKey } from './note.ts';
import { TILE_WIDTH, tilePath } from './tiles.ts';

/** The README of an export: what is in it, and how to check it with and without our program. */
export function exportReadme(head: SignedCheckpoint): string {
  return `# Audit export of ${head.origin}

${head.size} records. Root ${toBase64(head.root)}. Verifier key:

    ${formatVerifierKey(head.signedBy)}

Do not take the key from this folder on trust: compare it with the one you were given when the log began, and bring a
checkpoint of your own (from the incident channel, the write-once folder or the syslog archive). Without one, you learn
that this folder is whole and signed, not that it is the only version that was ever signed.

## What is here

| path | what |
|---|---|
| \`checkpoint\` | the signed head: C2SP tlog-checkpoint in a signed note, Ed25519 |
| \`vkey\` | the verifier key of the signer, as golang.org/x/mod/sumdb/note writes it |
| \`tile/entries/\` | the records: C2SP tlog-tiles entry bundles, each entry the RFC 8785 bytes that were hashed |
| \`tile/0/\`, \`tile/1/\` ... | the RFC 6962 tree over them, SHA-256 |
| \`entries.jsonl\` | the same bytes, one record a line, for reading and for jq |
| \`checkpoints/\` | every head signed before, named by its size |
| \`rotations/\` | key changes, each signed by the old and the new key |
| \`anchors.json\` | where heads were also sent, as the log says: fetch one from there |
| \`reading/\` | what the assistant was asked, sent, said and what came of it, told from the records and blobs here; believe those, this is for reading |
| \`foreign/\` | programs that check it with other people's code |
| \`blobs/\` | evidence and texts, named by the SHA-256 that records state; missing ones were erased or left out |

## Check it with our program

    countersign audit verify . --vkey YOUR-VKEY-FILE --checkpoint YOUR-CHECKPOINT

It needs no server, no database and no network, and names the first bad record.

## Check it without our program

1. **One record by hand.** Its leaf hash is SHA-256 over a zero byte and its line; compare it with the 32 bytes at its
   place in \`tile/0\` (record 0 here):

       { printf '\\0'; head -n 1 entries.jsonl | tr -d '\\n'; } | sha256sum
       od -An -v -tx1 -N32 ${tilePath(0, 0, Math.min(TILE_WIDTH, head.size))} | tr -d ' \\n'

2. **Everything, in Go.** \`golang.org/x/mod/sumdb/note\` opens \`checkpoint\` with your key; \`golang.org/x/mod/sumdb/tlog\`
   (\`StoredHashes\`, \`TreeHash\`) rebuilds the root from the bundles, \`CheckTree\` proves an old checkpoint to be a prefix.
   \`foreign/verify.go\` is a small program that does it; read it first, it came with the export:

       cd foreign && go mod init verify && go get golang.org/x/mod@v0.14.0
       go run verify.go -dir .. -vkey YOUR-VKEY-FILE -checkpoint YOUR-CHECKPOINT

   Without a network, with Debian's packages golang and golang-golang-x-mod-dev:

       GO111MODULE=off GOPATH=/usr/share/gocode go run foreign/verify.go -dir . -vkey YOUR-VKEY-FILE -checkpoint YOUR-CHECKPOINT

3. **Signatures and every record, with sigstore's code** (\`foreign/verify-sigstore.mjs\`, as short):

       npm install @sigstore/verify@3.1.1
       node foreign/verify-sigstore.mjs . --vkey YOUR-VKEY-FILE --checkpoint YOUR-CHECKPOINT

4. **The tiles, with Tessera** (we have not run this one). Serve this folder and let \`fsck\` of github.com/transparency-dev/tessera walk it:

       python3 -m http.server 8000 --bind 127.0.0.1 &
       go run github.com/transparency-dev/tessera/cmd/fsck@latest --storage_url=http://127.0.0.1:8000/ --public_key=vkey

A receipt (\`.tlog-proof\`) is C2SP tlog-proof v1: an index, an audit path and a checkpoint; any of the tools above checks it.
`;
}
