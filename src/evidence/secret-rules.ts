// The kinds of secret that people paste by accident, as a table. Every expression is linear: bounded, nothing nested.

/** One kind of secret. A text is looked at only when it holds one of `hints` (lower case). A group `s` is the secret; else all of it. */
export interface SecretRule {
  readonly kind: string;
  readonly hints: readonly string[];
  readonly match: RegExp;
  readonly isSecret?: (found: string) => boolean;
}

const NO_SECRET =
  /^(?:null|none|nil|true|false|yes|no|expired|invalid|required|missing|hidden|masked|redacted|failed|wrong|incorrect|changed|reset|empty|unknown|denied|accepted|authentication|\*+|x+|\[.*|\d{4}-\d{2}-\d{2}(?:T[\d:.]{5,18}Z?)?)$/i;

/** Luhn's check over 13 to 19 digits. */
export function isCardNumber(found: string): boolean {
  const digits = found.replace(/\D/g, '');
  if (digits.length < 13 || digits.length > 19 || /^(\d)\1+$/.test(digits)) return false;
  let sum = 0;
  for (let i = 0; i < digits.length; i += 1) {
    const d = Number(digits[digits.length - 1 - i]);
    const twice = i % 2 === 1 ? d * 2 : d;
    sum += twice > 9 ? twice - 9 : twice;
  }
  return sum % 10 === 0;
}

/** ISO 13616: the rest of the rearranged number by 97 is 1. */
export function isIban(found: string): boolean {
  const plain = found.replace(/ /g, '');
  const moved = plain.slice(4) + plain.slice(0, 4);
  let rest = 0;
  for (const c of moved) rest = Number(`${rest}${Number.parseInt(c, 36)}`) % 97;
  return rest === 1;
}

const rule = (
  kind: string,
  hints: readonly string[],
  match: RegExp,
  isSecret?: (found: string) => boolean,
): SecretRule => ({ kind, hints, match, ...(isSecret ? { isSecret } : {}) });

// biome-ignore format: one to a line reads as a table
/** Whole blocks and tokens that are told by their shape, then values told by the name before them. */
export const SECRET_RULES: readonly SecretRule[] = [
  rule('private key', ['private key'], /-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----(?:[^-]|-(?!----END)){0,12000}(?:-----END [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----)?/g),
  rule('private key', ['putty-user-key-file'], /PuTTY-User-Key-File-\d:[\s\S]{0,8000}?Private-MAC: ?[0-9a-f]{20,80}/g),
  rule('private key', ['age-secret-key-'], /AGE-SECRET-KEY-1[0-9A-Z]{50,64}/g),
  rule('AWS access key', ['akia', 'asia', 'abia', 'acca'], /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b/g),
  rule('signed address', ['x-amz-', 'sig=', 'x-goog-'], /\b(?:X-Amz-(?:Signature|Security-Token|Credential)|X-Goog-(?:Signature|Credential)|sig)=(?<s>[A-Za-z0-9%_.+/=~-]{16,2000})/gi),
  rule('Google API key', ['aiza'], /\bAIza[\w-]{35}/g),
  rule('Google OAuth token', ['ya29.'], /\bya29\.[\w-]{20,500}/g),
  rule('Google client secret', ['gocspx-'], /\bGOCSPX-[\w-]{20,40}/g),
  rule('Azure client secret', ['q~'], /\b[A-Za-z0-9_~.-]{3}\dQ~[A-Za-z0-9_~.-]{31,34}/g),
  rule('GitHub token', ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_', 'github_pat_'], /\b(?:gh[pousr]_[A-Za-z0-9]{30,255}|github_pat_[A-Za-z0-9_]{22,255})/g),
  rule('GitLab token', ['gl'], /\bgl(?:pat|dt|rt|soat|cbt|ptt|ft|imt|agent|oas|ffct)-[\w.-]{20,300}/g),
  rule('Slack token', ['xox', 'xapp-', 'xwfp-'], /\b(?:xox[abceoprs](?:\.xox[bp])?-[\w-]{10,300}|xapp-\d-[\w-]{10,300}|xwfp-[\w-]{10,200})/gi),
  rule('webhook address', ['hooks.slack.com', 'webhook', 'discord'], /(?:hooks\.slack\.com\/(?:services|workflows|triggers)\/|[a-z0-9.-]{0,80}webhook\.office\.com\/webhookb2\/|discord(?:app)?\.com\/api\/webhooks\/)(?<s>[\w/@.-]{20,300})/gi),
  rule('Stripe key', ['_live_', '_test_', 'whsec_'], /\b(?:(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{16,255}|whsec_[A-Za-z0-9+/=]{24,100})/g),
  rule('Twilio key', ['sk'], /\bSK[0-9a-f]{32}\b/g),
  rule('SendGrid key', ['sg.'], /\bSG\.[\w-]{16,32}\.[\w-]{30,64}/g),
  rule('mail service key', ['key-', '-us', 'xkeysib-'], /\b(?:key-[0-9a-f]{32}|[0-9a-f]{32}-us\d{1,2}|xkeysib-[0-9a-f]{64}-[A-Za-z0-9]{16})\b/g),
  rule('package registry token', ['npm_', 'pypi-', 'rubygems_', 'dckr_pat_', 'cio'], /\b(?:npm_[A-Za-z0-9]{36}|pypi-AgE[\w-]{50,300}|rubygems_[0-9a-f]{48}|dckr_pat_[\w-]{20,60}|cio[A-Za-z0-9]{32})\b/g),
  rule('model provider key', ['sk-', 'hf_', 'gsk_', 'r8_', 'pplx-', 'xai-'], /\b(?:sk-(?:proj-|ant-|or-|svcacct-)?[\w-]{20,250}|hf_[A-Za-z0-9]{30,60}|gsk_[A-Za-z0-9]{40,64}|r8_[A-Za-z0-9]{30,50}|pplx-[A-Za-z0-9]{40,64}|xai-[A-Za-z0-9]{60,100})/g),
  rule('cloud token', ['dapi', '_v1_', 'hrku-', 'pscale_', 'sbp_', 'nfp_', 'fm1', 'fm2_', 'vercel', 'rnd_'], /\b(?:dapi[0-9a-f]{32}|do[opr]_v1_[0-9a-f]{64}|HRKU-[\w-]{30,80}|pscale_(?:tkn|pw|oauth)_[\w.-]{20,80}|sbp_[0-9a-f]{40}|nfp_[A-Za-z0-9]{36}|fm[12][a-z]?_[\w+/=,-]{40,600}|vercel_(?:[a-z]{1,10}_){1,3}[A-Za-z0-9]{20,60}|rnd_[A-Za-z0-9]{28,40})/g),
  rule('service token', ['lin_api_', 'ntn_', 'secret_', 'shp', 'sq0', 'eaaa', 'atatt3', 'atbb', 'pmak-', 'figd_', 'sl.', 'nrak-', 'nrjs-', 'glsa_', 'glc_', 'sntry', 'sqp_', 'squ_', 'sqa_', 'dp.', 'pul-', '.atlasv1.', 'phc_', 'phx_', 'tskey-', 'ops_', 'cfut_', 'pat'], /(?<![\w.-])(?:lin_api_[A-Za-z0-9]{32,60}|ntn_[A-Za-z0-9]{40,60}|secret_[A-Za-z0-9]{40,50}|shp(?:at|ca|pa|ss)_[0-9a-f]{32}|sq0(?:atp|csp|idp)-[\w-]{20,60}|EAAA[\w-]{50,100}|ATATT3[\w=-]{50,300}|ATBB[A-Za-z0-9]{28,40}|PMAK-[0-9a-f]{24}-[0-9a-f]{34}|figd_[\w-]{30,60}|sl\.[\w-]{60,300}|NR(?:AK|JS)-[A-Z0-9a-f]{19,32}|glsa_[A-Za-z0-9_]{32,50}|glc_[A-Za-z0-9+/=]{32,400}|sntry[su]_[\w+/=]{40,300}|sq[pua]_[0-9a-f]{40}|dp\.(?:pt|st|ct|sa|scim|audit)\.[\w.]{30,80}|pul-[0-9a-f]{40}|[A-Za-z0-9]{14}\.atlasv1\.[\w=-]{60,80}|ph[cx]_[A-Za-z0-9]{40,50}|tskey-[a-z]{1,10}-[\w-]{20,80}|ops_eyJ[\w+/=-]{100,1000}|pat[A-Za-z0-9]{14}\.[0-9a-f]{64})/g),
  rule('Facebook token', ['eaa'], /\bEAA[A-Za-z0-9]{60,300}/g),
  rule('bot token', [':aa'], /\b\d{8,10}:AA[\w-]{32,36}/g),
  rule('Discord token', ['.'], /\b[MNO][A-Za-z\d_-]{23,27}\.[\w-]{6}\.[\w-]{27,40}\b/g),
  rule('Vault token', ['hvs.', 'hvb.', 'hvr.'], /\bhv[sbr]\.[\w-]{20,300}/g),
  rule('JSON web token', ['eyj'], /\beyJ[\w-]{8,4000}\.eyJ[\w-]{8,8000}\.[\w-]{0,2000}|\beyJ[\w-]{8,4000}\.\.[\w-]{8,2000}\.[\w-]{8,8000}\.[\w-]{8,200}/g),
  rule('password hash', ['$'], /\$(?:1|2[abxy]|5|6|7|y|gy|argon2(?:id?|d)|apr1|scrypt)\$[\w./$=,+-]{20,300}/g),
  rule('password hash', [':::'], /\b\w{1,64}:\d{1,6}:(?<s>[0-9a-f]{32}:[0-9a-f]{32}):::/gi),
  rule('password in an address', ['://'], /\b[a-z][a-z0-9+.-]{1,30}:\/\/[^\s:/@"'<>]{0,128}:(?<s>[^\s/@"'<>]{1,256})@/gi),
  rule('one-time code secret', ['otpauth://'], /otpauth:\/\/[^\s"'<>]{0,200}[?&]secret=(?<s>[A-Z2-7=]{8,200})/gi),
  rule('authorisation header', ['authorization', 'bearer ', 'ssws '], /(?:\b(?:proxy-)?authorization["']?\s{0,3}[:=]\s{0,3}["']?(?:bearer|basic|digest|token|negotiate|ntlm|ssws|apikey|aws4-hmac-sha256)?\s{0,3}|\b(?:bearer|ssws)\s{1,3})(?<s>(?!(?:bearer|basic|token)\b)[\w+/=.~:,-]{8,8000})/gi, (s) => !NO_SECRET.test(s) && !/^(?:token|tokens|realm|error)/i.test(s)),
  rule('cookie', ['cookie'], /\b(?:set-)?cookie["']?\s{0,3}[:=]\s{0,3}["']?(?<s>[^\s"';=]{1,100}=[^\s"';]{6,4000})/gi),
  rule('password on a command line', ['-u', '-p', 'sshpass', '--pass'], /(?:\bcurl\b[^\n]{0,200}?\s(?:-u|--user)[ =]["']?[^\s:"']{1,80}:(?<s>[^\s"']{1,200}))/g),
  rule('password on a command line', ['-p', '/user:'], /(?:\bsshpass\s{1,3}-p\s{0,3}|\bmysql(?:dump|admin)?\b[^\n]{0,200}?\s-p|\bplink\b[^\n]{0,200}?\s-pw\s{1,3}|\bnet\s{1,3}use\b[^\n]{0,200}?\/user:[^\s]{1,80}\s{1,3})["']?(?<s>[^\s"'-][^\s"']{2,200})/gi),
  rule('password on a command line', ['--', '-password', '/p'], /(?:--|\s-|\s\/)(?:password|passwd|passphrase|pass|token|secret|api-?key|auth-?token|access-?token|client-?secret)(?:[ =:]|\s{1,3})["']?(?<s>[^\s"'-][^\s"']{3,400})/gi, (s) => !NO_SECRET.test(s)),
  rule('secret value', ['pass', 'pwd', 'pw', 'kennwort', 'contrase', 'secret', 'token', 'key', 'credential', 'auth', 'session', 'community', 'pin', 'cvv', 'cvc', 'otp', 'sid', 'sig'], /(?:password|passwd|passphrase|passwort|kennwort|contrase(?:ñ|n)a|mot_?de_?passe|pwd|(?<![a-z])pass|(?<![a-z])pw|secret(?:[_-]?(?:access)?[_-]?key)?|token|api[_-]?key|access[_-]?key|account[_-]?key|shared[_-]?access[_-]?key|private[_-]?key|preshared[_-]?key|presharedkey|encryption[_-]?key|signing[_-]?key|master[_-]?key|auth[_-]?key|license[_-]?key|subscription-key|credentials?|session[_-]?id|sessid|jsessionid|phpsessid|community|(?<![a-z])(?:pin|cvv2?|cvc|otp|totp)(?![a-z]))\w{0,12}(?:-\w{1,12})?["'\]]{0,2}\s{0,3}(?:=>|:=|=|:)\s{0,3}["']?(?<s>[^\s"',;&<>]{3,4000})/gi, (s) => !NO_SECRET.test(s) && !s.startsWith('/') && !s.startsWith('[')),
  rule('secret value', ['<pass', '<pwd', '<secret', '<token', '<api', '<key', '</'], /<(?:\w{1,20}:)?(?:password|passwd|pwd|secret|token|api[_-]?key|client[_-]?secret|passphrase)[^<>]{0,80}>(?<s>[^<]{2,2000})</gi),
  rule('secret value', ['machine ', 'password '], /\bmachine\s{1,3}\S{1,200}\s{1,3}login\s{1,3}\S{1,100}\s{1,3}password\s{1,3}(?<s>\S{1,200})/gi),
  rule('secret value', ['identified by', 'with password'], /\b(?:identified\s{1,3}by|with\s{1,3}password)\s{1,3}["'](?<s>[^"']{1,200})/gi),
  rule('secret value', ['snmp', 'community'], /\bsnmp-server\s{1,3}community\s{1,3}(?<s>\S{2,100})/gi),
  rule('secret value', ['password', 'secret'], /\b(?:enable|username\s{1,3}\S{1,60}(?:\s{1,3}privilege\s{1,3}\d{1,2})?)\s{1,3}(?:password|secret)\s{1,3}(?:\d\s{1,3})?(?<s>\S{3,200})/gi),
  rule('card number', ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'], /(?<![\d.:-])[2-6]\d{3}([ -]?)\d{4}\1\d{4}\1\d{1,7}(?![\d.:-]\d|\d)|(?<![\d.:-])3[47]\d{2}([ -]?)\d{6}\2\d{5}(?!\d)/g, isCardNumber),
  rule('bank account', ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'], /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b/g, isIban),
  rule('social security number', ['-'], /(?<![\d-])(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\d-])/g),
];
