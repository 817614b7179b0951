// The sample incident: three sources, two zones, one without a year, written by us. Addresses are from RFC 5737 and RFC 3849,
// names from RFC 2606, keys and account numbers are AWS's documentation examples.
//
// What an experienced responder reads out of it (UTC):
//   22:26  203.0.113.66 looks for weak spots in the shop: twelve 404s and a 403 in half a minute.
//   22:31  The same address guesses SSH passwords on web-01 for a quarter of an hour.
//   22:47  It gets in as svc-backup, with a password: this is the initial access. (At 22:52 k.beispiel mistypes a password
//          once and logs in with a key from the office: harmless, and must not rank above it.)
//   22:51  sudo rsync puts files into the shop's upload folder.
//   23:04  The first POST to /uploads/thumb.php: a web shell. It reads /etc/passwd and deploy's AWS credentials, fetches and
//          runs k.sh from 203.0.113.140.
//   23:12  A new account svc-sync, made a sudoer.
//   23:17  A request whose user agent tries to tell the assistant to close the incident: possible manipulation.
//   23:21  deploy-ci's AWS key, until now used from 198.51.100.10 (ours), is used from 203.0.113.140: denied here and there,
//          then CreateAccessKey at 23:29, five database dumps read until 23:40, StopLogging denied at 23:46, and at 23:51 a
//          bucket policy that lets a foreign account in.
//   23:58  svc-sync logs in from 203.0.113.140, packs the database, fetches db.tgz at 00:07 (49 MB), cleans up at 00:15.
import { accessLog } from './access-log.ts';
import { authLog } from './auth-log.ts';
import { cloudTrail } from './cloud-trail.ts';

/** One sample to paste. `zone` is what to read zone-less times with (IANA name). */
export interface DemoPaste {
  readonly name: string;
  readonly text: string;
  readonly zone: string;
}

/** The three sample logs, in the order in which the demo pastes them. */
export const DEMO_PASTES: readonly DemoPaste[] = [
  { name: 'web-01 auth.log', text: authLog, zone: 'Europe/Berlin' },
  { name: 'shop access.log', text: accessLog, zone: 'UTC' },
  { name: 'cloudtrail.jsonl', text: cloudTrail, zone: 'UTC' },
];

/** When the demo's incident is opened: the clock to settle year-less times with, so that the story reads the same on any day. */
export const DEMO_NOW = '2026-11-20T00:40:00.000Z';
