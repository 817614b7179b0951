// Who and what a record names besides addresses: the user, the host, the process, what was done and how it ended.
import type { LogRecord } from '../record.ts';
import type { Entities } from '../types.ts';
import { partiesOf } from './address.ts';
import type { Facts } from './facts.ts';

const LONGEST_VALUE = 256;

const USER_FIELDS =
  'user username userid useridentityusername targetusername acct account accountname login loginname srcuser dstuser suser duser usr usrname actor actoralternateid userprincipalname upn subjectusername email actoremail useremail requester useridentityarn principal principalname principalemail administrator admin adminname authorname processuser auditrecordissuer loggedonuser targetuseremail csusername identity authenticationid unick users userids ugi requser remoteuser authuser authenticateduser requestuser loginid benutzer benutzername utilisateur usuario utente duid'.split(
    ' ',
  );
const HOST_FIELDS =
  'host hostname computer computername machinename devname dvchost devicename devicehostname device sensorname agentname agentcomputername agenthostname hostidentifier'.split(
    ' ',
  );
const PROCESS_FIELDS =
  'process program appname image comm processname exe newprocessname identifier syslogidentifier'.split(' ');
const ACTION_FIELDS =
  'action eventname operation operationname activity eventtype event verb act operationtype logdesc method requestmethod'.split(
    ' ',
  );
const OUTCOME_FIELDS =
  'outcome result status res resultstatus consolelogin success eventoutcome outcomeresult disposition'.split(' ');

// Each takes one bounded run of characters, so none can run away on hostile text.
const USER_PATTERNS: readonly RegExp[] = [
  // FTP: USER oracle: no such user. Samba: user [DOMAIN]\[name]. Dovecot: sql(name,192.0.2.7,...)
  /\bUSER ([^\s:]{1,128})(?=[:\s(])/,
  /\[([^\s[\]]{1,64})\] (?:FAIL|OK) LOGIN/,
  /\buser \[[^\]]{0,64}\]\\\[([^\]]{1,128})\]/i,
  // PostgreSQL: name@database LOG:. MySQL: User@Host: name[name]. Oracle: DATABASE USER:[3] 'SYS', USERID:[4] "NAME".
  /(?:^|[\s:])([\w.-]{1,63})@[\w.-]{1,63}(?::\[\d{1,9}\])?[ :]{1,2}(?:LOG|ERROR|FATAL|PANIC|WARNING|NOTICE|STATEMENT|DETAIL|HINT|CONTEXT):/,
  /\bUser@Host: ([^\s[]{1,64})\[/,
  /\b(?:DATABASE USER|USERID) ?:\[\d{1,4}\] ?['"]([^'"]{1,64})['"]/,
  // Pulse: [192.0.2.7] name(realm)[roles]. OpenVPN: [name] Peer Connection. FreeRADIUS: [name/..] (from client. Infoblox: [name]: Login_.
  /\[[\da-f.:]{3,45}\] ([^\s()[\]]{1,128})\([^()]{0,64}\)\[/i,
  /\[([^\s[\]]{1,64})\] Peer Connection Initiated/,
  /\[([^\s[\]/]{1,64})(?:\/[^[\]]{0,128})?\] \(from client /,
  /^\[([^\s[\]]{1,64})\]: (?:Log|First_|Created |Modified |Deleted |Called |Password)/,
  /\bUser\(([^()\s]{1,64})\) Program\(/,
  /\bFAILED SU \(to \S{1,64}\) (\S{1,64}) on /,
  /\bpassword changed for ["'`]?([^\s"'`,;:]{1,128})/i,
  /\| ([\w.@-]{1,64}) (?:called|requested) /,
  /\buser ?name\b[^\n"']{0,40} ["']([^"']{1,128})["']/i,
  /\[([^\s[\]]{1,64})\] failed to log ?in\b/i,
  /\b(?:failed|invalid|successful|accepted) (?:authentication|login|logon|auth) for (?:user )?["'`]?([^\s"'`,;:()[\]]{1,128})/i,
  /\bby ([\w.@-]{1,64}) on (?:vty|tty|console|con)\d/,
  /^([a-z_][\w.-]{0,31}) {1,24}(?:pts\/\d|tty\d|ssh:notty|:\d)/,
  /\binvalid login (?:as|for) ["'`]?([^\s"'`]{1,64})/i,
  /(?:attempt|log ?[io]n|auth|session|password|opened|closed|executed)[^\n"'`]{0,80}\b(?:by|for) ["'`‘]([\w.@\\$-]{1,128})["'`’]/i,
  /\blog ?in (?:for|as) ["'`]?([^\s"'`,;:()[\]]{1,128})["'`]? (?:from|at|on|using)\b/i,
  /\bfor client ?: ([^\s/]{1,128}) \//,
  /\bfor local user ([\w.@\\$-]{1,128})/,
  // Kerberos: AS_REQ (..) 192.0.2.7: PREAUTH_FAILED: name@REALM for. Samba: DOMAIN\name|192.0.2.7|share.
  /\bAS_REQ\b[^\n]{0,200}?: ([^\s:,]{1,128}) for /,
  /^([^\s|]{1,128})\|(?:\d{1,3}\.){3}\d{1,3}\|/,
  /\blogin failed: ["'`]?([^\s"'`(]{1,128})["'`]? \(remote ip/i,
  /(?:auth|log ?[io]n|password)[^\n]{0,60}? for ["'`[]([^"'`\]\s]{1,128})["'`\]]/i,
  /(?:^|[:\]] |\b(?:INFO|WARN|WARNING|ERROR|NOTICE|DEBUG) {1,3})\(?(?!user\b|you\b|not\b)([\w.@\\$-]{1,64})\)? (?:(?:has |was )?logged (?:in|on|out|off)\b|failed (?:to )?(?:auth|log))/i,
  // su: (to root) name on. cron: (name) CMD. doas: name ran command. vsftpd: [name] FAIL LOGIN. LDAP: uid=name,ou=.
  /^\(to \S{1,64}\) (\S{1,64}) on /,
  /^\(([\w.-]{1,64})\) (?:CMD|REPLACE|LIST|EDIT|BEGIN EDIT|RELOAD)\b/,
  /^([\w.-]{1,64}) ran command /,
  /\b(?:uid|cn|samaccountname)=([A-Za-z][\w .@-]{0,63}), ?(?:ou|cn|dc|o)=/i,
  /\bby ([\w.@\\-]{1,64})\(uid=\d/,
  /\bAUDIT ([^\s]{1,64}) (?:GUI|CLI|API) /,
  /\b(?:ldap|sql|pam|passwd(?:-file)?|shadow|static|lua)\(([^\s,()]{1,128}),/,
  /\buser ["'`]?([^\s"'`]{1,128})["'`]? (?:authentication|login|logged|failed|rejected|from)\b/i,
  /(?:invalid user|illegal user|unknown user|authenticating user|failed password for|accepted (?:password|publickey|keyboard-interactive\S{0,12}|gssapi\S{0,20}|hostbased|none|rsa|certificate|login|auth\w{0,12}) for|root login refused)[ :]["'`]?((?!invalid user)[^\s"'`,;]{1,128})/i,
  /\b(?:for|of) (?:db:\S{1,60} )?(?:invalid |illegal |unknown |existing )?(?:user(?:name)?|account|login)[ :=]{1,3}["'`<[(]{0,2}([^\s"'`<>,;)\]]{1,128})/i,
  /\buser(?:[ ]?name)? {0,2}(?:=|:|is|->)? ?["'`“<[]{1,2}([^"'`”<>\]]{1,128})["'`”>\]]/i,
  /\b(?:user_?name|user_?id|userid|user|acct|account|login|uname|auth_?id|set_id|sasl_username|unick|usr|rluser|ruser|loginname)(?:=|: ?|:=| = )["'`<]{0,2}([^\s"'`<>,;|)\]]{1,128})/i,
  /\b(?:login|account)(?: name)? ["'`]([^"'`]{1,128})["'`]/i,
  /\bauthentication (?:failure|failed|request|error) for (?:the )?(?:user )?["'`]?([^\s"'`,;:]{1,128})/i,
  /\bpassword (?:attempt|auth succeeded|mismatch) for ["'`]?([^\s"'`,;:]{1,128})/i,
  /\buser ([A-Za-z0-9_][A-Za-z0-9_.@\\$-]{0,127})\b/i,
];
const NO_USER = new Set(
  '- -- ? (none) none null unknown n/a undefined name was not and is has from for by to in the with id not_found unset (unknown) "" nil auth agent agents account accounts client password page session group interface mode space defined login logon logoff logged authentication'.split(
    ' ',
  ),
);

/** Whether a lower-case word says that nobody is named. */
export const isNobody = (name: string): boolean => NO_USER.has(name);

function firstField(facts: Facts, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = facts.fields.get(name);
    if (value !== undefined && value !== '-' && value.length <= LONGEST_VALUE) return value;
  }
  return undefined;
}

// sudo writes who asked first, and in USER= whom they became.
const SUDO = /^\s{0,8}([^\s:]{1,64}) : (?:[^;]{1,120}; ?)?TTY=/;
// A shell of ESXi: [root]: the command.
const SHELL = /^\[([a-z_][\w.-]{0,31})\]: /;
const NEW_USER = /\bnew user: name=([^\s,]{1,64})/;

function userOf(facts: Facts, record: LogRecord): string | undefined {
  const isShell = /^(?:shell|bash|ESXShell)$/.test(record.fields['process'] ?? '');
  const said =
    SUDO.exec(record.message) ?? NEW_USER.exec(record.message) ?? (isShell ? SHELL.exec(record.message) : null);
  if (said) return said[1];
  for (const name of facts.fields.size > 0 ? USER_FIELDS : []) {
    const stated = facts.fields.get(name);
    if (stated === undefined || stated.length > LONGEST_VALUE || NO_USER.has(stated.toLowerCase())) continue;
    // In angle brackets as mail servers write it, with the address behind it as vCenter does.
    return bareUser(stated);
  }
  // What a database says of a statement stands below the line with the time.
  const below = record.text.indexOf('\n');
  const said2 = patternUser(record.message) ?? (below === -1 ? undefined : patternUser(record.text.slice(below + 1)));
  return said2 === undefined ? undefined : bareUser(said2);
}

// One of these stands in every line that a pattern above takes a name from; most lines have none of them.
const HINT =
  /user|log[io]n|log ?in|logged|auth|passw|acct|account|uname|unick|set_id|[ug]id=|cn=|samacc|pts\/|tty|peer conn|from client|audit |as_req|@|ran command|^\(|^\[|\|\d|client|called|requested|accepted |\bby |(?:sql|pam|passwd|static|shadow|lua|ldap|passwd-file)\(|failed su/i;

function patternUser(whole: string): string | undefined {
  const text = whole.length > 2048 ? whole.slice(0, 2048) : whole;
  if (!HINT.test(text)) return undefined;
  for (const pattern of USER_PATTERNS) {
    const value = pattern.exec(text)?.[1];
    if (value && !/^[([{<:;,=]/.test(value) && !NO_USER.has(value.toLowerCase())) return value.replace(/[.:]$/, '');
  }
  return undefined;
}

const bareUser = (name: string): string =>
  name
    .trim()
    .replace(/^<([^<>]{1,255})>$/, '$1')
    .replace(/\(uid=\d{1,10}\)?$/, '')
    .replace(/@(?:\d{1,3}\.){3}\d{1,3}$/, '');

const FAILURE =
  /(?:\b|_)(?:fail(?:ed|ure|s)?|denied|deny|refused|reject(?:ed)?|invalid|incorrect|wrong|unauthorized|error|bad|blocked|drop(?:ped)?|forbidden|mismatch|not allowed|could not|unable to|unknown user|no such user)(?:\b|_)/;
const SUCCESS =
  /\b(?:accepted|success(?:ful|fully)?|succeeded|granted|allowed|logged in|authenticated|log in|session opened|permit(?:ted)?)\b/;

/** Whether lower-case text has words that say how something ended. */
export const saysOutcome = (text: string): boolean => FAILURE.test(text) || SUCCESS.test(text);

function outcomeOf(facts: Facts): 'success' | 'failure' | undefined {
  const stated = firstField(facts, OUTCOME_FIELDS)?.toLowerCase();
  if (stated) {
    if (/^(?:success|succeeded|ok|true|yes|allow(?:ed)?|accept(?:ed)?|pass(?:ed)?|1)$/.test(stated)) return 'success';
    if (/^(?:fail|failed|failure|error|false|no|den(?:y|ied)|block(?:ed)?|drop(?:ped)?|reject(?:ed)?|0)$/.test(stated))
      return 'failure';
  }
  if (facts.words.has('#http2xx') || facts.words.has('#http3xx')) return 'success';
  if (facts.words.has('#http4xx') || facts.words.has('#http5xx')) return 'failure';
  if (FAILURE.test(facts.lower)) return 'failure';
  return SUCCESS.test(facts.lower) ? 'success' : undefined;
}

/** The entities of a record; `action` and `outcome` of the strongest rule win over what the words suggest. */
export function entitiesOf(
  record: LogRecord,
  facts: Facts,
  ruled: { readonly action?: string; readonly outcome?: 'success' | 'failure' | 'unknown' },
): Entities {
  const parties = partiesOf(record, facts);
  const user = userOf(facts, record);
  const host = firstField(facts, HOST_FIELDS);
  const process = firstField(facts, PROCESS_FIELDS);
  const action = ruled.action ?? firstField(facts, ACTION_FIELDS);
  const outcome = ruled.outcome ?? outcomeOf(facts);
  return {
    ...parties,
    ...(user ? { user } : {}),
    ...(host ? { host } : {}),
    ...(process ? { process } : {}),
    ...(action ? { action } : {}),
    ...(outcome ? { outcome } : {}),
  };
}
