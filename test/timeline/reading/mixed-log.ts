// A mixed log for tests: nine formats, some with stack traces, always the same for a seed.

function numbers(seed: number): (below: number) => number {
  let state = seed * 2_654_435_761;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 0x9e3779b9) | 0;
    return ((state ^ (state >>> 13)) >>> 0) % below;
  };
}

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
// Some say nothing, some are words that rules and readers look for.
const USERS = [
  'root',
  'deploy',
  'k.beispiel',
  'svc-backup',
  'user7',
  'failed',
  'none',
  'mimikatz',
  'cve-2024-3094',
  'nobody',
];

/** So many lines or a few more, in time order, ending with a line break. */
export function mixedLog(lines: number, seed: number): string {
  const below = numbers(seed);
  const of = <T>(list: readonly T[]): T => list[below(list.length)] as T;
  const ip = () => `203.0.${below(256)}.${1 + below(254)}`;
  const out: string[] = [];
  for (let ms = Date.UTC(2026, 9, 20, 3); out.length < lines; ms += 1 + below(40_000)) {
    const iso = new Date(ms).toISOString();
    const [day, clock] = [iso.slice(0, 10), iso.slice(11, 19)];
    const month = MONTHS[Number(iso.slice(5, 7)) - 1];
    const head = `${month} ${String(Number(iso.slice(8, 10))).padStart(2)} ${clock} web-${below(12)}`;
    const writers: (() => string)[] = [
      () =>
        `${head} sshd[${below(60_000)}]: ${of(['Failed password for', 'Accepted publickey for', 'Invalid user'])} ${of(USERS)} from ${ip()} port ${below(60_000)} ssh2`,
      () =>
        `${head} kernel: [${below(99_999)}.${below(999_999)}] DROP IN=eth0 SRC=${ip()} DST=192.0.2.${below(250)} PROTO=TCP SPT=${below(60_000)} DPT=${below(9000)}`,
      () => `<${below(192)}>1 ${iso} mail-1 postfix ${below(9000)} - - reject: RCPT from unknown[${ip()}]`,
      () =>
        `${ip()} - ${of(['-', ...USERS])} [${iso.slice(8, 10)}/${month}/${iso.slice(0, 4)}:${clock} +0200] "${of(['GET', 'POST'])} /shop/${below(900)}?q=${below(99)} HTTP/1.1" ${of([200, 404, 500])} ${below(9000)} "-" "curl/8.10.1"`,
      () =>
        JSON.stringify({
          time: iso,
          level: of(['info', 'error']),
          msg: of(['token refreshed', 'payment refused']),
          user: of(USERS),
          src_ip: ip(),
          trace: below(2 ** 31).toString(16),
        }),
      () => `time=${iso} level=warn msg="slow answer" user=${of(USERS)} took=${below(900)}ms`,
      () =>
        `type=USER_LOGIN msg=audit(${(ms / 1000).toFixed(3)}:${below(9999)}): pid=${below(9999)} uid=0 acct="${of(USERS)}" addr=${ip()} res=failed`,
      () =>
        `W${iso.slice(5, 7)}${iso.slice(8, 10)} ${clock}.${iso.slice(20, 23)}456 ${below(9999)} server.go:${below(900)}] upstream timed out`,
      () =>
        `${day} ${clock},${iso.slice(20, 23)} ERROR [http-${below(9)}] o.e.Shop - order ${below(999)} failed\njava.lang.IllegalStateException: gone since 2020-01-01 00:00:00\n\tat o.e.Shop.load(Shop.java:${below(300)})`,
    ];
    out.push(...of(writers)().split('\n'));
  }
  return `${out.join('\n')}\n`;
}
