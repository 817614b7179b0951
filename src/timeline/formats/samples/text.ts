import { AT, type FormatSample } from './sample.ts';

const one = (name: string, text: string, format?: string, at: readonly string[] = [AT]): FormatSample => ({
  name,
  text,
  at,
  ...(format === undefined ? {} : { format }),
});

/** Text formats of systems, web servers, devices, containers and programs. */
export const TEXT_SAMPLES: readonly FormatSample[] = [
  one('RFC 3164', 'Nov 19 08:15:30 web-01 sshd[811]: x', 'rfc3164'),
  one('RFC 3164 with priority', '<34>Nov 19 08:15:30 web-01 su: x', 'rfc3164'),
  one('RFC 5424', '<165>1 2026-11-19T08:15:30.000Z web-01 app 811 ID47 [x@32473 a="1"] started', 'rfc5424'),
  one('RFC 5424 without priority', '1 2026-11-19T08:15:30Z web-01 app 811 - - started'),
  one('ISO syslog', '2026-11-19T09:15:30+01:00 web-01 sshd[811]: x', 'syslog'),
  one('ISO syslog with priority', '<34>2026-11-19T08:15:30Z web-01 su: x'),
  one('Cisco', '*Nov 19 08:15:30.000: %LINK-3-UPDOWN: Interface Gi0/1, changed state to up'),
  one('ASA, double stamp', 'Nov 19 2026 08:15:30 fw-01 : %ASA-6-302013: Built inbound TCP connection 1'),
  one('ASA behind a relay', '<166>Nov 19 09:20:00 relay Nov 19 2026 08:15:30 fw-01 : %ASA-6-302013: Built'),
  one('journald, short', 'Nov 19 08:15:30 web-01 systemd[1]: Started x.', 'rfc3164'),
  one('journald, short-precise', 'Nov 19 08:15:30.000000 web-01 systemd[1]: Started x.'),
  one('journald, full', 'Thu 2026-11-19 08:15:30 UTC web-01 systemd[1]: Started x.'),
  one(
    'journald, JSON',
    '{"__REALTIME_TIMESTAMP":"1795076130000000","_HOSTNAME":"web-01","MESSAGE":"x","PRIORITY":"6"}',
    'journald-json',
  ),
  one(
    'journald, export',
    '__CURSOR=s=1;i=2\n__REALTIME_TIMESTAMP=1795076130000000\n_HOSTNAME=web-01\nMESSAGE=x',
    'journald-export',
  ),
  one('dmesg with wall time', '[Thu Nov 19 08:15:30 2026] usb 1-1: new device'),
  one('dmesg', '[12345.678901] usb 1-1: new device', undefined, []),
  one('auditd', 'type=USER_LOGIN msg=audit(1795076130.000:4701): pid=1 acct="root" res=failed'),
  one('common log', '192.0.2.7 - k.beispiel [19/Nov/2026:08:15:30 +0000] "GET / HTTP/1.1" 200 12', 'common'),
  one('combined', '192.0.2.7 - - [19/Nov/2026:08:15:30 +0000] "GET / HTTP/1.1" 200 12 "-" "curl/8"', 'combined'),
  one('virtual host', 'shop.example:443 192.0.2.7 - - [19/Nov/2026:08:15:30 +0000] "GET / HTTP/1.1" 200 12 "-" "x"'),
  one('nginx error', '2026/11/19 08:15:30 [error] 811#811: *1 open() "/x" failed, client: 192.0.2.7'),
  one('Apache error', '[Thu Nov 19 08:15:30.000000 2026] [core:error] [pid 811] [client 192.0.2.7:1] AH00001: x'),
  one(
    'IIS with header',
    '#Software: Microsoft Internet Information Services 10.0\n#Fields: date time s-ip cs-method cs-uri-stem c-ip sc-status\n2026-11-19 08:15:30 10.20.0.5 GET / 192.0.2.7 200',
  ),
  one('IIS without header', '2026-11-19 08:15:30 10.20.0.5 GET /login - 443 - 192.0.2.7 curl/8 - 401 0 0 15'),
  one(
    'ELB, classic',
    '2026-11-19T08:15:30.000000Z shop-lb 192.0.2.7:4242 10.20.0.5:80 0.00 0.01 0.00 200 200 0 29 "GET http://shop.example:80/ HTTP/1.1" "curl/8" - -',
  ),
  one(
    'ALB',
    'https 2026-11-19T08:15:30.000000Z app/shop/1 192.0.2.7:4242 10.20.0.5:80 0.0 0.1 0.0 200 200 34 366 "GET https://shop.example:443/ HTTP/1.1" "curl/8" - -',
  ),
  one(
    'S3 access',
    '79a59df900b9 shop-bucket [19/Nov/2026:08:15:30 +0000] 192.0.2.7 arn:aws:iam::111122223333:user/x 3E57 REST.GET.OBJECT a.csv "GET /a.csv HTTP/1.1" 200 - 1 1 7 6 "-" "aws-cli"',
  ),
  one(
    'Squid',
    '1795076130.000    110 192.0.2.7 TCP_MISS/200 4512 GET http://shop.example/ - HIER_DIRECT/10.20.0.5 text/html',
  ),
  one(
    'HAProxy',
    'Nov 19 08:15:31 lb-01 haproxy[811]: 192.0.2.7:1 [19/Nov/2026:08:15:30.000] web web/s1 0/0/1/2/3 200 1',
  ),
  one('Kubernetes prefix', 'shop-7d9f4 2026-11-19T08:15:30.000000000Z ready'),
  one('Docker, JSON', '{"log":"ready\\n","stream":"stdout","time":"2026-11-19T08:15:30.000000000Z"}', 'docker-json'),
  one('CRI', '2026-11-19T08:15:30.000000000Z stdout F ready', 'cri'),
  one('compose prefix', 'shop-1  | 2026-11-19T08:15:30Z ready'),
  one('logfmt', 'time=2026-11-19T08:15:30Z level=info msg="ready" port=80', 'logfmt'),
  one('CEF, rt in milliseconds', 'CEF:0|Example|Gate|1|100|worm stopped|10|src=192.0.2.1 rt=1795076130000', 'cef'),
  one('CEF, rt as text', 'CEF:0|Example|Gate|1|100|worm stopped|10|rt=Nov 19 2026 08:15:30 src=192.0.2.1', 'cef'),
  one('LEEF', 'LEEF:2.0|Example|Gate|1|login|^|devTime=Nov 19 2026 08:15:30^src=192.0.2.1^usrName=k.beispiel', 'leef'),
  one('FortiGate', 'date=2026-11-19 time=08:15:30 devname="fw-01" type="traffic" srcip=192.0.2.7 action="deny"'),
  one(
    'FortiGate with its zone',
    'date=2026-11-19 time=09:15:30 tz="+0100" devname="fw-01" type="event" action="login"',
  ),
  one(
    'Palo Alto, CSV',
    '1,2026/11/19 08:15:30,001801,THREAT,url,2049,2026/11/19 08:15:30,192.0.2.7,198.51.100.9,0.0.0.0,0.0.0.0,web-out',
  ),
  one(
    'SonicWall',
    'id=firewall sn=00000 time="2026-11-19 08:15:30 UTC" fw=198.51.100.1 pri=6 c=262144 m=98 msg="Connection Opened" src=192.0.2.7:1:X1',
  ),
  one(
    'Zeek, TSV',
    '#separator \\x09\n#fields\tts\tuid\tid.orig_h\tid.orig_p\n#types\ttime\tstring\taddr\tport\n1795076130.000000\tCabc\t192.0.2.7\t4242',
  ),
  one('Zeek, JSON', '{"ts":1795076130.0,"uid":"Cabc","id.orig_h":"192.0.2.7","id.orig_p":4242}', 'zeek-json'),
  one('VPC flow', '2 111122223333 eni-0abc 192.0.2.7 10.20.0.5 4242 22 6 20 4249 1795076130 1795076190 REJECT OK'),
  one('CSV with a header', 'Timestamp,User,Action\n2026-11-19 08:15:30,k.beispiel,login'),
  one(
    'Java trace',
    '2026-11-19 08:15:30,000 ERROR o.e.Shop - x\njava.lang.IllegalStateException: y\n\tat o.e.Shop.load(Shop.java:17)\nCaused by: java.io.IOException: z\n\t... 3 more',
  ),
  one(
    'Python trace',
    '2026-11-19 08:15:30 ERROR x\nTraceback (most recent call last):\n  File "/srv/a.py", line 1, in f\n    g()\nValueError: 2020-01-01 00:00:00 is no price',
  ),
  one(
    'Node trace',
    '2026-11-19T08:15:30Z error TypeError: x\n    at load (/srv/shop.js:1:2)\n    at run (/srv/main.js:3:4)',
  ),
  one('Go trace', '2026/11/19 08:15:30 panic: x\n\ngoroutine 1 [running]:\nmain.main()\n\t/srv/main.go:10 +0x1d'),
  one('.NET trace', '2026-11-19 08:15:30 [ERR] x\nSystem.Exception: y\n   at Shop.Load() in C:\\srv\\Shop.cs:line 7'),
  one('note with a time', 'rebooted the bastion on 2026-11-19 at 08:15 UTC', undefined, ['2026-11-19T08:15:00.000Z']),
  one(
    'RFC 5424 whose data names the parties',
    '<12>1 2026-11-19T08:15:30.000Z srx-9 RT_UTM - WEBFILTER_URL_BLOCKED [junos@2636 source-address="192.0.2.7" username="mara"] refused',
    'rfc5424',
  ),
  one(
    'Check Point',
    '<134>1 2026-11-19T08:15:30Z gw-9 CheckPoint 77 - [action:"Drop"; time:"1795076999"; src:"192.0.2.7"; dst:"198.51.100.2"; product:"VPN"]',
    'rfc5424',
  ),
  one(
    'Meraki',
    '<134>1 1795076130.000000000 MX-9 flows src=192.0.2.7 dst=198.51.100.2 protocol=udp pattern: allow all',
    'meraki',
  ),
  one(
    'WatchGuard: the time of the event in UTC behind that of the relay',
    '<142>Nov 19 13:45:31 box-9 FVE0000000001 (2026-11-19T08:15:30) firewall[10]: msg_id="3000-0159" PORT scan attack against 198.51.100.2 from 192.0.2.7 detected.',
    'syslog',
  ),
  one('a device between relay and program', 'Nov 19 08:15:30 gate-9 192.0.2.53 named[77]: reload', 'rfc3164'),
  one('facility and level between machine and program', 'Nov 19 08:15:30 gate-9 user.info kernel: TTL=64', 'rfc3164'),
  one(
    'Palo Alto, the generated time',
    '1,2026/11/19 08:15:44,001801000000,THREAT,vulnerability,2049,2026/11/19 08:15:30,192.0.2.7,198.51.100.2,0.0.0.0,0.0.0.0,Allow-In,,mara',
    'paloalto',
  ),
  one(
    'Palo Alto behind syslog without a colon',
    '<14>Nov 19 09:20:00 fw-9 1,2026/11/19 08:15:44,001801000000,SYSTEM,auth,2560,2026/11/19 08:15:30,,auth-fail,,0,0,general,medium,"failed"',
    'paloalto',
  ),
  one(
    'Windows DHCP',
    '10,11/19/26,08:15:30,Assign,192.0.2.77,LAPTOP-9.example.org,AABBCCDDEEFF,,1,0,,,',
    'windows-dhcp',
  ),
  one(
    'Snare',
    '<14>Nov 19 08:15:31 dc-9.example.org MSWinEventLog\t1\tSecurity\t77\tThu Nov 19 08:15:30 2026\t4732\tMicrosoft-Windows-Security-Auditing\tN/A\tN/A\tSuccess Audit\tdc-9.example.org\tGroup\t\tA member was added.\t9',
    'snare',
  ),
  one(
    'IIS without its head',
    '2026-11-19 08:15:30 W3SVC1 WEB-9 198.51.100.2 GET /default.aspx - 443 EXAMPLE\\mara 192.0.2.7 HTTP/1.1 x',
    'w3c',
  ),
  one(
    'Envoy',
    '[2026-11-19T08:15:30.000Z] "GET /api HTTP/1.1" 200 - 0 12 5 4 "192.0.2.7" "x" "id" "api.example.org" "198.51.100.2:8080"',
    'envoy',
  ),
  one(
    'FortiGate, eventtime in seconds',
    'date=2026-11-19 time=09:15:30 devname="fw-9" eventtime=1795076130 srcip=192.0.2.7',
    'firewall-kv',
  ),
  one('a zone in a field of its own', 'id=firewall time="2026-11-19 09:15:30" fw="sn-9" tz=+0100 user="mara"'),
  one(
    'MySQL slow query',
    '# Time: 2026-11-19T08:15:30.000Z\n# User@Host: shop[shop] @ app-9 [192.0.2.7]  Id: 77\n# Query_time: 4.07  Lock_time: 0.0\nSET timestamp=1795076130;\nSELECT a FROM b;',
  ),
  one(
    'Oracle audit',
    "Thu Nov 19 09:15:30 2026 +01:00\nLENGTH : '99'\nACTION :[7] 'CONNECT'\nDATABASE USER:[4] 'MARA'\nCLIENT ADDRESS:[9] '192.0.2.7'\nSTATUS:[1] '0'",
  ),
  one(
    'wevtutil',
    'Event[0]:\n  Log Name: Security\n  Date: 2026-11-19T08:15:30.000\n  Event ID: 1102\n  Computer: dc-9.example.org',
  ),
  one(
    'a container in local time under a runtime in UTC',
    '2026-11-19T08:15:30.123456789Z stdout F 2026-11-19 09:15:30 hello',
  ),
  one(
    'a container in UTC behind a relay in local time',
    '<134>1 2026-11-19T09:15:30+01:00 h app 1 - - 2026-11-19 08:15:30 hello',
  ),
  one(
    "a container in local time, in the runtime's JSON",
    '{"log":"2026-11-19 09:15:30,000 hello\\n","stream":"stdout","time":"2026-11-19T08:15:30.51Z"}',
  ),
  one(
    "a record that waited before it was carried keeps its own time in the carrier's zone",
    '2026-11-19T09:27:11+01:00 h app[1]: 2026-11-19 09:15:30 hello',
  ),
  one(
    'a field with another date behind the time',
    '2026-11-19T08:15:30Z INFO session_start=2026-11-01T10:30:00Z user=mara logged in',
  ),
  one(
    'structured data without a version in front',
    '2026-11-19T08:15:30.000Z edge-9 NSX 4828 SWITCHING [x@6876 comp="edge"] entry made',
    'rfc5424',
  ),
  one('history of zsh', ': 1795076130:0;ls -l'),
  one(
    'NetworkManager',
    'Nov 19 09:15:30 web-9 NetworkManager[77]: <info>  [1795076130.0000] dhcp4 (eth0): bound',
    'rfc3164',
  ),
  one('H3C', '<189>Nov 19 08:15:30 2026 sw-9 %%10SHELL/5/SHELL_LOGIN: mara logged in from 192.0.2.7.', 'comware'),
  one('DB2, zone in minutes', '2026-11-19-09.15.30.000000+060 I1234E456             LEVEL: Warning'),
  one(
    'PHP with its frames',
    '[2026-11-19 08:15:30] local.ERROR: boom {"exception":"[object] (at /srv/a.php:9)\n[stacktrace]\n#0 /srv/a.php(7): b()\n#1 {main}\n"} ',
  ),
  one(
    'Go with its frames',
    '2026-11-19T08:15:30.000Z\terror\tq.go:1\tfailed.\ngo.example.org/a/b/internal.NewSender.func3\n     go.example.org/a@v0.1.0/b/q.go:128',
  ),
  one(
    'a file in a listing, its size like a year',
    '-rw-r--r-- 1 root root 2024 Nov 19 08:15 /etc/cron.d/x',
    undefined,
    ['2026-11-19T08:15:00.000Z'],
  ),
  one(
    'who logged in',
    'mara     pts/0        192.0.2.7        Thu Nov 19 08:15:30 2026 - Thu Nov 19 09:40:00 2026  (00:28)',
  ),
  one('tcpdump', '2026-11-19 08:15:30.000000 IP 192.0.2.7.40000 > 198.51.100.2.22: Flags [S]'),
  one('pairs parted by bars', 'EventTime=2026-11-19 08:15:30|Host=web-9|User=mara'),
  one('a value with a blank and no quotes', 'EventTime=2026-11-19 08:15:30 Host=web-9 User=mara'),
  one('CSV with German names', 'Datum,Uhrzeit,Benutzer\n19.11.2026,08:15:30,mara'),
  one('CSV with the zone in its head', 'TimeGenerated [UTC],Computer\n"11/19/2026, 8:15:30.000 AM",dc-9'),
  one('a search over files named for days', '/var/log/syslog-2026-11-18.gz:2026-11-19T08:15:30Z web-9 app: x'),
  one('ASSP', 'Nov-19-26 08:15:30 [SSL-out] 192.0.2.7 too many errors'),
  one('a deadline somebody names', '2026-11-19 08:15:30 [192.0.2.7] mara: 20/11/2026 12:00:00 is the deadline'),
  one('access log by milliseconds', '192.0.2.7 - - [1795076130.000] "GET / HTTP/1.1" 200 1'),
  one('wide digits', '２０２６-１１-１９ ０８：１５：３０ x'),
  one('long dashes', '2026—11—19T08:15:30Z x'),
  one('dashes as numbers', '2026&#45;11&#45;19 08:15:30 x'),
  one('the time token of Discord', '<t:1795076130:F> x'),
];
