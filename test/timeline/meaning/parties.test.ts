import { expect, test } from 'vitest';
import { recognise } from '../../../src/timeline/formats/recognise.ts';
import { describe as judge } from '../../../src/timeline/meaning/describe.ts';

// Who a line names, product by product: fields with names, places without, sentences.
test.each([
  [
    'RFC 5424 data',
    '<12>1 2026-11-19T08:15:30.000Z srx-9 RT_UTM - BLOCKED [junos@2636 source-address="192.0.2.7" destination-address="198.51.100.2" username="mara"]',
    { srcIp: '192.0.2.7', dstIp: '198.51.100.2', user: 'mara', host: 'srx-9' },
  ],
  [
    'Check Point',
    '<134>1 2026-11-19T08:15:30Z mgr-9 CheckPoint 77 - [action:"Accept"; origin:"198.51.100.9"; administrator:"mara.fictional"; audit_status:"Failure"; client_ip:"192.0.2.7"; subject:"Administrator Login"]',
    { srcIp: '192.0.2.7', user: 'mara.fictional', host: 'mgr-9', outcome: 'failure' },
  ],
  [
    'ASA, interface in front of the address',
    'Nov 19 2026 08:15:30 fw-9 : %ASA-4-106023: Deny tcp src outside:192.0.2.7/54230 dst inside:198.51.100.2/22 by access-group "x"',
    { srcIp: '192.0.2.7', dstIp: '198.51.100.2' },
  ],
  [
    'ASA, equals signs between blanks',
    '%ASA-6-113015: AAA user authentication Rejected : reason = AAA failure : local database : user = mara : user IP = 192.0.2.7',
    { srcIp: '192.0.2.7', user: 'mara', outcome: 'failure' },
  ],
  [
    'labels between commas',
    '<51>Nov 19 08:15:30 sep-9 SymantecServer: ws-9,Local Host IP: 198.51.100.2,Remote Host IP: 192.0.2.7,TCP,Inbound,User Name: mara,Action: Blocked',
    { srcIp: '192.0.2.7', dstIp: '198.51.100.2', user: 'mara' },
  ],
  [
    'Palo Alto system log',
    '1,2026/11/19 08:15:30,0018,SYSTEM,auth,2560,2026/11/19 08:15:30,,auth-fail,,0,0,general,medium,"failed authentication for user \'mara\'.  Reason: x.  From: 192.0.2.7."',
    { srcIp: '192.0.2.7', user: 'mara', outcome: 'failure' },
  ],
  [
    'IIS without its head',
    '2026-11-19 08:15:30 W3SVC1 WEB-9 198.51.100.2 GET /default.aspx - 443 EXAMPLE\\mara 192.0.2.7 HTTP/1.1 x - - www.example.org 200 0 0',
    { srcIp: '192.0.2.7', dstIp: '198.51.100.2', user: 'EXAMPLE\\mara' },
  ],
  [
    'Squid',
    '1795076130.123    200 192.0.2.7 TCP_MISS/200 4512 CONNECT www.example.org:443 mara HIER_DIRECT/198.51.100.2 -',
    { srcIp: '192.0.2.7', dstIp: '198.51.100.2', user: 'mara' },
  ],
  [
    'Envoy',
    '[2026-11-19T08:15:30.123Z] "GET /api HTTP/1.1" 200 - 0 12 5 4 "192.0.2.7" "x" "id" "api.example.org" "198.51.100.2:8080"',
    { srcIp: '192.0.2.7' },
  ],
  [
    'Pulse Secure',
    '<174>1 2026-11-19T08:15:30+01:00 198.51.100.9 PulseSecure: - - - 2026-11-19 08:15:30 - gw-9 - [192.0.2.7] mara(Staff)[] - Login failed using auth server x',
    { srcIp: '192.0.2.7', user: 'mara', outcome: 'failure' },
  ],
  [
    'PostgreSQL',
    '2026-11-19 08:15:30 UTC:192.0.2.7(52834):shop_ro@shop:[20175]:ERROR: column "x" does not exist',
    { srcIp: '192.0.2.7', user: 'shop_ro' },
  ],
  [
    'MySQL, below the line with the time',
    '# Time: 2026-11-19T08:15:30.000Z\n# User@Host: shop[shop] @ app-9 [192.0.2.7]  Id: 77\n# Query_time: 4.07',
    { srcIp: '192.0.2.7', user: 'shop' },
  ],
  [
    'FreeRADIUS',
    'Thu Nov 19 08:15:30 2026 : Auth: (12) Login incorrect (mschap: x): [mara/<via Auth-Type = MSCHAP>] (from client ap-9 port 0)',
    { user: 'mara', outcome: 'failure' },
  ],
  [
    'vCenter writes the address behind the name',
    '<14>1 2026-11-19T08:15:30Z vc-9 vpxd 58650 - - Event [1] [User EXAMPLE\\mara@192.0.2.7 logged in as x]',
    { srcIp: '192.0.2.7', user: 'EXAMPLE\\mara' },
  ],
  [
    'mail servers write brackets around the name',
    'Nov 19 08:15:30 imap-9 dovecot: imap-login: Disconnected (auth failed): user=<mara@example.org>, rip=192.0.2.7, lip=198.51.100.2',
    { srcIp: '192.0.2.7', dstIp: '198.51.100.2', user: 'mara@example.org' },
  ],
  [
    'a version is nobody',
    '11/19/26 08:15:30 - Process(119.8) User(mqm) Program(amqzmur0) Host(q-9) VRMF(9.2.4.0) QMgr(Q1) started',
    { user: 'mqm' },
  ],
])('%s', (_, text, named) => {
  const { format, message, fields } = recognise(text.split('\n', 1)[0] ?? '');
  const { entities } = judge({ line: 1, format, text, message, fields, timeMs: null });
  expect(entities).toMatchObject(named);
  if (!('srcIp' in named)) expect(entities.srcIp).toBeUndefined();
});

const names = (text: string): string | undefined => {
  const { format, message, fields } = recognise(text);
  return judge({ line: 1, format, text, message, fields, timeMs: null }).entities.user;
};

test.each([
  'Nov 19 08:15:30 h sshd[1]: Accepted keyboard-interactive/pam for mara from 192.0.2.7 port 1 ssh2',
  'Nov 19 08:15:30 h su[1]: FAILED SU (to root) mara on pts/0',
  'Nov 19 08:15:30 h su[1]: (to root) mara on pts/0',
  'Nov 19 08:15:30 h cron[1]: (mara) CMD (true)',
  'Nov 19 08:15:30 h doas: mara ran command id as root from /home/mara',
  'Nov 19 08:15:30 h vsftpd[1]: [mara] FAIL LOGIN: Client "192.0.2.7"',
  'Nov 19 08:15:30 kdc krb5kdc[1](info): AS_REQ (2 etypes {18 17}) 192.0.2.7: PREAUTH_FAILED: mara for krbtgt/X@X, x',
  'Nov 19 08:15:30 nas smbd_audit: mara|192.0.2.7|finance|unlinkat|ok|/srv/x.docx',
  '2026-11-19T08:15:30.123Z shell[77]: [mara]: esxcli system version get',
  '2026-11-19 08:15:30 WARN mara failed authentication from 192.0.2.7',
  '2026-11-19 08:15:30 INFO (mara) logged in via SSO',
  '2026-11-19 08:15:30 WARN LDAP bind failed: uid=mara,ou=people,dc=example,dc=org',
  '2026-11-19 08:15:30 INFO Session opened by mara(uid=1001)',
  'mara     pts/0        192.0.2.7        Thu Nov 19 08:15 - 09:40  (00:28)',
])('names mara: %s', (text) => {
  expect(names(text)).toBe('mara');
});

test.each([
  '2026-11-19 08:15:30 INFO The user account was not found',
  '2026-11-19 08:15:30 INFO user agent is curl',
  "2026-11-19 08:15:30 INFO waiting for 'lock'",
  '2026-11-19 08:15:30 INFO accepted connection for backend',
  '2026-11-19 08:15:30 INFO Search for "select" returned 3',
])('names nobody: %s', (text) => {
  expect(names(text)).toBeUndefined();
});
