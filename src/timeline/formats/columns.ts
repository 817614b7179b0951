// Lines whose fields have no names but fixed places: firewalls that write CSV, servers without their head line. Each is a row.
import { stampAt } from '../stamp/stamp-at.ts';
import { splitCells } from './cells.ts';
import { newFields, type Reading } from './reading.ts';

interface CellFormat {
  readonly format: string;
  /** Runs on the beginning of the line. */
  readonly head: RegExp;
  readonly separator: ',' | '\t';
  /** The cell that tells the kind of line, when the columns depend on it. */
  readonly kindAt?: number;
  /** Column names by kind (`*` for any other); an empty name is not kept. */
  readonly columns: Readonly<Record<string, string>>;
  /** The cell with the time of the event; no cell before it is quoted. */
  readonly timeAt: number;
}

const PALO_ALTO_HEAD = ',received,serial,type,subtype,,generated';
const PALO_ALTO_FLOW = `${PALO_ALTO_HEAD},src,dst,natsrc,natdst,rule,srcuser,dstuser,app,vsys,from_zone,to_zone,,,,,,,sport,dport,,,,proto,action`;

const CELLS: readonly CellFormat[] = [
  {
    format: 'paloalto',
    head: /^\d{1,12},\d{4}[-/]\d\d[-/]\d\d[ T]\d\d:\d\d:\d\d[^,]{0,12},[^,]{1,40},[A-Z][A-Z-]{2,20},/,
    separator: ',',
    kindAt: 3,
    timeAt: 6,
    columns: {
      TRAFFIC: PALO_ALTO_FLOW,
      THREAT: `${PALO_ALTO_FLOW},file,threat,category,severity,direction`,
      SYSTEM: `${PALO_ALTO_HEAD},vsys,eventname,object,,,module,severity,msg`,
      CONFIG: `${PALO_ALTO_HEAD},src,vsys,action,admin,client,result,path`,
      GLOBALPROTECT: `${PALO_ALTO_HEAD},vsys,eventname,stage,authmethod,tunneltype,srcuser,srcregion,machinename,publicip,publicipv6,privateip`,
      USERID: `${PALO_ALTO_HEAD},vsys,src,srcuser,datasource`,
      AUTHENTICATION: `${PALO_ALTO_HEAD},vsys,src,srcuser,normalizeuser,object`,
      '*': PALO_ALTO_HEAD,
    },
  },
  {
    format: 'windows-dhcp',
    head: /^\d{1,5},\d\d\/\d\d\/\d\d,\d\d:\d\d:\d\d,/,
    separator: ',',
    timeAt: 1,
    columns: { '*': 'id,,,action,ip,host,mac,user' },
  },
  {
    format: 'snare',
    head: /^(?:MSWinEventLog|\S{1,64} MSWinEventLog|\S{1,64}\tMSWinEventLog)\t/,
    separator: '\t',
    timeAt: 4,
    columns: { '*': ',criticality,channel,,,eventid,source,subject,,audit,host,category,,msg' },
  },
];

/** A line of nameless cells, or null. `text` begins where the line's own record does. */
export function readCells(text: string): Reading | null {
  for (const row of CELLS) {
    if (!row.head.test(text)) continue;
    // Snare's name may stand behind the machine's in the first cell or in one of its own.
    const from = row.format === 'snare' ? text.indexOf('MSWinEventLog') : 0;
    const cells = splitCells(text.slice(from), row.separator);
    const kind = row.kindAt === undefined ? '*' : (cells[row.kindAt] ?? '*');
    const names = (Object.hasOwn(row.columns, kind) ? row.columns[kind] : row.columns['*']) ?? '';
    const fields = newFields();
    for (const [i, name] of names.split(',').entries()) {
      const value = cells[i];
      if (name !== '' && value !== undefined && value !== '' && value !== 'N/A') fields[name] = value;
    }
    let at = from;
    for (let i = 0; i < row.timeAt; i++) at = text.indexOf(row.separator, at) + 1;
    const stamp = stampAt(text, at);
    if (stamp && !stamp.impossible && stamp.precision !== 'day')
      return { format: row.format, stamp, message: text, fields };
  }
  return null;
}

interface PlaceFormat {
  readonly format: string;
  /** Runs on what follows the time; its named groups are fields. */
  readonly pattern: RegExp;
}

const ADDRESS = '(?:(?:\\d{1,3}\\.){3}\\d{1,3}|[0-9a-fA-F:]{3,39})';
const PLACES: readonly PlaceFormat[] = [
  // IIS in its usual order: the server's address stands before the method, the client's behind the port and the user.
  {
    format: 'w3c',
    pattern: new RegExp(
      `^ (?:\\S{1,30} \\S{1,64} )?(?<localip>${ADDRESS}) (?<method>[A-Z]{3,12}) (?<path>\\S{1,4000}) \\S{1,4000} (?<port>\\d{1,5}) (?<user>\\S{1,128}) (?<clientip>${ADDRESS}) `,
    ),
  },
  {
    format: 'squid',
    pattern: new RegExp(
      `^ {1,8}\\d{1,9} (?<client>\\S{1,80}) [A-Z_]{2,30}/(?<status>\\d{3}) \\d{1,15} (?<method>[A-Z_]{2,20}) (?<path>\\S{1,4000}) (?<user>\\S{1,128}) [A-Z_]{2,40}/(?<dstip>${ADDRESS}|-)`,
    ),
  },
  {
    format: 'envoy',
    pattern:
      /^\] "(?<method>[A-Z]{3,12}) (?<path>\S{1,4000}) HTTP\/[\d.]{1,3}" (?<status>\d{1,3}) (?:\S{1,80} ){1,5}?(?:"[^"]{0,400}" ){0,1}\d{1,15} \d{1,15} \d{1,15} \S{1,15} "(?<clientip>[^",]{1,64})[^"]{0,400}" "(?<agent>[^"]{0,1000})" "[^"]{0,100}" "(?<vhost>[^"]{0,255})" "(?<upstream>[^"]{0,100})"/,
  },
  // Huawei and H3C: the machine in front of %%, the part, its level.
  { format: 'comware', pattern: /^ (?<host>[A-Za-z][\w.-]{0,63}) %%\d\d(?<process>[A-Z0-9_]{2,24})\/\d\// },
  // Meraki: what kind of device says which kind of thing.
  {
    format: 'meraki',
    pattern:
      /^ (?<host>[^\s:]{1,64}) (?<eventname>flows|urls|events|ids-alerts|security_event|airmarshal_events|(?:\w{1,20}_)?firewall|ip_flow_(?:start|end)|security_filtering_\w{1,40})(?= )/,
  },
];

/** What stands at fixed places behind a time, by name; null when no such format is known. */
export function readPlaces(text: string, from: number): { format: string; fields: Record<string, string> } | null {
  const rest = text.slice(from, from + 12_000);
  for (const { format, pattern } of PLACES) {
    const groups = pattern.exec(rest)?.groups;
    if (!groups) continue;
    const fields = newFields();
    for (const name in groups)
      if (groups[name] !== undefined && groups[name] !== '-') fields[name] = groups[name] ?? '';
    return { format, fields };
  }
  return null;
}
