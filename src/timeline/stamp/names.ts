// Names that stand in times: months in fifteen languages, and zones: abbreviations with their offsets in minutes, and the long names of Java and Windows.

const MONTH_NAMES: readonly (readonly string[])[] = [
  'january jan januar jän jänner janvier janv enero ene janeiro gennaio gen januari januari stycznia sty января янв ocak oca ledna tammikuuta tammi január ianuarie'.split(
    ' ',
  ),
  'february feb februar februari février fevrier févr fevr fév fev febrero fevereiro febbraio lutego lut февраля фев февр şubat şub února unora helmikuuta helmi február februarie'.split(
    ' ',
  ),
  'march mar märz maerz mär mrz mars marzo março marco maart mrt marca марта мар mart března brezna maaliskuuta maalis március martie'.split(
    ' ',
  ),
  'april apr avril avr abril abr aprile kwietnia kwi апреля апр nisan nis dubna huhtikuuta huhti április aprilie'.split(
    ' ',
  ),
  'may mai mayo maio maggio mag mei maja maj мая май mayıs května kvetna toukokuuta touko május'.split(' '),
  'june jun juni juin junio junho giugno giu czerwca cze июня июн haziran haz června cervna kesäkuuta kesä június iunie'.split(
    ' ',
  ),
  'july jul juli juillet juil julio julho luglio lug lipca lip июля июл temmuz tem července cervence heinäkuuta heinä július iulie'.split(
    ' ',
  ),
  'august aug août aout agosto ago augustus sierpnia sie августа авг ağustos ağu srpna elokuuta elo augusztus'.split(
    ' ',
  ),
  'september sep sept septembre septiembre setembro set settembre września wrz сентября сен сент eylül eyl září zari syyskuuta syys szeptember septembrie'.split(
    ' ',
  ),
  'october oct oktober okt octobre octubre outubro out ottobre ott października paź октября окт ekim eki října rijna lokakuuta loka október octombrie'.split(
    ' ',
  ),
  'november nov novembre noviembre novembro listopada lis ноября ноя нояб kasım kas listopadu marraskuuta marras noiembrie'.split(
    ' ',
  ),
  'december dec dezember dez décembre decembre déc diciembre dic dezembro dicembre grudnia gru декабря дек aralık ara prosince joulukuuta joulu decembrie'.split(
    ' ',
  ),
];

const MONTHS = new Map(MONTH_NAMES.flatMap((names, index) => names.map((name) => [name, index + 1] as const)));

/** The number of a month name in any known language (a trailing dot is ignored), or null. */
export function monthOf(name: string): number | null {
  const bare = name.endsWith('.') ? name.slice(0, -1) : name;
  return MONTHS.get(bare.toLowerCase()) ?? null;
}

const ZONES: Readonly<Record<string, number>> = {
  UTC: 0,
  GMT: 0,
  UT: 0,
  WET: 0,
  Z: 0,
  WEST: 60,
  BST: 60,
  CET: 60,
  MEZ: 60,
  CEST: 120,
  MESZ: 120,
  EET: 120,
  SAST: 120,
  EEST: 180,
  MSK: 180,
  TRT: 180,
  AST: -240,
  ADT: -180,
  GST: 240,
  IDT: 180,
  IRST: 210,
  PKT: 300,
  YEKT: 300,
  IST: 330,
  NPT: 345,
  WIB: 420,
  ICT: 420,
  NOVT: 420,
  KRAT: 420,
  SGT: 480,
  PHT: 480,
  WITA: 480,
  HKT: 480,
  AWST: 480,
  JST: 540,
  KST: 540,
  ACST: 570,
  ACDT: 630,
  AEST: 600,
  AEDT: 660,
  NZST: 720,
  NZDT: 780,
  EST: -300,
  EDT: -240,
  CST: -360,
  CDT: -300,
  MST: -420,
  MDT: -360,
  PST: -480,
  PDT: -420,
  AKST: -540,
  AKDT: -480,
  HST: -600,
  SST: -660,
  NST: -210,
  NDT: -150,
  BRT: -180,
  ART: -180,
};

/** Minutes east of UTC of a zone abbreviation in capitals, or null. */
export function zoneAbbreviation(name: string): number | null {
  return Object.hasOwn(ZONES, name) ? (ZONES[name] ?? null) : null;
}

// Names that Java and Windows print in full, without "Standard Time" behind them, and a zone of the IANA that keeps the same clock.
const LONG_NAMES: Readonly<Record<string, string>> = {
  Pacific: 'America/Los_Angeles',
  Mountain: 'America/Denver',
  'US Mountain': 'America/Phoenix',
  Central: 'America/Chicago',
  Eastern: 'America/New_York',
  Atlantic: 'America/Halifax',
  Alaska: 'America/Anchorage',
  Alaskan: 'America/Anchorage',
  Hawaiian: 'Pacific/Honolulu',
  'E. South America': 'America/Sao_Paulo',
  Brasilia: 'America/Sao_Paulo',
  GMT: 'Europe/London',
  British: 'Europe/London',
  'Central European': 'Europe/Berlin',
  'Central Europe': 'Europe/Budapest',
  'W. Europe': 'Europe/Berlin',
  Romance: 'Europe/Paris',
  'Eastern European': 'Europe/Helsinki',
  FLE: 'Europe/Kiev',
  Moscow: 'Europe/Moscow',
  Russian: 'Europe/Moscow',
  Turkey: 'Europe/Istanbul',
  Israel: 'Asia/Jerusalem',
  'South Africa': 'Africa/Johannesburg',
  Arabian: 'Asia/Dubai',
  Pakistan: 'Asia/Karachi',
  India: 'Asia/Kolkata',
  China: 'Asia/Shanghai',
  Singapore: 'Asia/Singapore',
  Tokyo: 'Asia/Tokyo',
  Japan: 'Asia/Tokyo',
  Korea: 'Asia/Seoul',
  'AUS Eastern': 'Australia/Sydney',
  'Australian Eastern': 'Australia/Sydney',
  'New Zealand': 'Pacific/Auckland',
};

/** The IANA zone of a long name without its "Standard Time", or null. */
export function zoneOfLongName(name: string): string | null {
  return Object.hasOwn(LONG_NAMES, name) ? (LONG_NAMES[name] ?? null) : null;
}
