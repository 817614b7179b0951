import { expect, test } from 'vitest';
import { describe as judge } from '../../../src/timeline/meaning/describe.ts';
import { readRecord } from '../read-record.ts';

// A tool that cries wolf is switched off: ordinary lines of ordinary products stay quiet, whatever words they happen to hold.
test.each([
  'Nov  9 12:01:03 cn142 ntpd[7467]: synchronized to 192.0.2.250, stratum 3',
  'Nov 19 08:15:30 web1 systemd[1]: Started Session 42 of user deploy.',
  'Nov 19 08:15:30 web1 CRON[912]: (root) CMD (run-parts /etc/cron.hourly)',
  'Nov 19 08:15:30 web1 sshd[811]: Accepted publickey for deploy from 192.0.2.7 port 4242 ssh2',
  'Nov 19 08:15:30 web1 sshd[811]: Accepted publickey for deploy from 192.0.2.7 port 4242 ssh2: RSA SHA256:kbdosd9ddosRootkit',
  'Nov 19 08:15:30 web1 dhclient[77]: DHCPACK of 192.0.2.9 from 192.0.2.1',
  'Nov 19 08:15:30 web1 kernel: usb 1-1: reset high-speed USB device number 2',
  'Nov 19 08:15:30 mail1 postfix/qmgr[77]: 4A1B2C: from=<a@example.org>, size=1234, nrcpt=1 (queue active)',
  'Nov 19 08:15:30 mail1 dovecot: imap-login: Login: user=<alice>, method=PLAIN, rip=192.0.2.7, lip=192.0.2.1, TLS',
  '192.0.2.7 - - [19/Nov/2026:08:15:30 +0000] "GET /products/selection?order=by-name HTTP/1.1" 200 1234 "-" "Mozilla/5.0"',
  '192.0.2.7 - - [19/Nov/2026:08:15:30 +0000] "GET /static/app.js?v=2e5f HTTP/1.1" 304 0 "-" "Mozilla/5.0"',
  '192.0.2.7 - - [19/Nov/2026:08:15:30 +0000] "GET /blog/union-station-and-select-committees HTTP/1.1" 200 9 "-" "Mozilla/5.0"',
  '192.0.2.7 - - [19/Nov/2026:08:15:30 +0000] "POST /cart HTTP/1.1" 302 0 "-" "Mozilla/5.0"',
  '2026-11-19 08:15:30 INFO dfs.DataNode: Receiving block blk_1 src: /192.0.2.7:33145 dest: /192.0.2.9:50010',
  '2026-11-19 08:15:30 INFO org.example.Scheduler: scheduled task completed in 12 ms',
  '2026-11-19 08:15:30 INFO app.UserService: user 42 updated the newsletter settings',
  '{"level":"info","msg":"request completed","status":200,"method":"GET","path":"/health","src_ip":"192.0.2.7"}',
  '{"eventSource":"monitoring.amazonaws.com","eventName":"GetMetricData","sourceIPAddress":"192.0.2.7"}',
  '{"Workload":"OneDrive","Operation":"FileAccessed","UserId":"alice@example.org"}',
  'type=USER_START msg=audit(1.1:2): pid=1 uid=0 msg=\'op=PAM:session_open acct="root" exe="/usr/sbin/cron" res=success\'',
  'status installed openssl:amd64 3.0.2',
  'date=2026-11-19 time=08:15:30 type="traffic" subtype="forward" action="accept" srcip=192.0.2.7 dstip=198.51.100.2',
  'postgres[77]: LOG:  checkpoint complete: wrote 12 buffers',
  'I1119 08:15:30.000000 1 controller.go:42] Updated ingress default/shop',
  // Stray packets and half-open connections are weather, not an attack.
  '%PIX-6-106015: Deny TCP (no connection) from 192.0.2.7/110 to 198.51.100.2/3782 flags RST ACK',
  'Nov 19 08:15:30 gw1 kernel: [12.3] [UFW BLOCK] IN=eth0 OUT= SRC=192.0.2.53 DST=198.51.100.2 LEN=103 PROTO=UDP SPT=53 DPT=36427 LEN=83',
  'Nov 19 08:15:30 web1 sshd[811]: Connection closed by 192.0.2.7 port 55462 [preauth]',
  'Nov 19 08:15:30 web1 sshd[811]: Address 192.0.2.7 maps to nmap.example.org, but this does not map back to the address - POSSIBLE BREAK-IN ATTEMPT!',
  '[Mon Feb 09 21:17:06 2015] [:error] [pid 8608] [client 192.0.2.7] ModSecurity: Audit log: Failed writing: No space left on device',
])('stays quiet: %s', (line) => {
  const { severity, techniques, flags } = judge(readRecord(line));
  expect(severity).toBeLessThanOrEqual(3);
  expect(techniques.filter((one) => one.certainty === 'certain')).toEqual([]);
  expect(flags).toEqual([]);
});
