import type { Rule } from '../rule.ts';

// What holds many records in one file: archives, backups, dumps, databases, mailboxes, disks.
const KINDS =
  'tgz tbz txz tar zip rar 7z gz bz2 xz zst sql dump dmp bak bkp backup mdb accdb mdf ldf sqlite sqlite3 db rdb bson pst ost edb ova vmdk vhd vhdx qcow2'.split(
    ' ',
  );
// Buckets and file transfer servers write few lines of other kinds, so that there the pattern alone decides.
const FETCHED = ['getobject & s3', 'rest.get.object', 'retr', 'ok download'];

/** Files that are worth taking. Fetching one is everyday; who did it makes the difference, which the chain knows (actors.ts). */
export const TAKING_RULES: readonly Rule[] = [
  {
    id: 'archive-fetched',
    on: [...KINDS.map((kind) => `${kind} & #get & #http2xx`), ...FETCHED],
    match: new RegExp(`\\.(?:${KINDS.join('|')})(?:\\.(?:gz|bz2|xz|zst|gpg|enc|001))?(?:[?#"'\\s&,;}\\])]|$)`),
    severity: 1,
    says: 'archive, backup or database fetched',
    sample: '192.0.2.7 - - [19/Nov/2026:08:15:30 +0000] "GET /files/shop.tgz HTTP/1.1" 200 48731204',
  },
];
