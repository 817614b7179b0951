// Names that stand in times: months in nine languages, and zone abbreviations with their offsets in minutes.

const MONTH_NAMES: readonly (readonly string[])[] = [
  'january jan januar jän jänner janvier janv enero ene janeiro gennaio gen januari januari stycznia sty'.split(' '),
  'february feb februar februari février fevrier févr fevr fév fev febrero fevereiro febbraio lutego lut'.split(' '),
  'march mar märz maerz mär mrz mars marzo março marco maart mrt marca'.split(' '),
  'april apr avril avr abril abr aprile kwietnia kwi'.split(' '),
  'may mai mayo maio maggio mag mei maja maj'.split(' '),
  'june jun juni juin junio junho giugno giu czerwca cze'.split(' '),
  'july jul juli juillet juil julio julho luglio lug lipca lip'.split(' '),
  'august aug août aout agosto ago augustus sierpnia sie'.split(' '),
  'september sep sept septembre septiembre setembro set settembre września wrz'.split(' '),
  'october oct oktober okt octobre octubre outubro out ottobre ott października paź'.split(' '),
  'november nov novembre noviembre novembro listopada lis'.split(' '),
  'december dec dezember dez décembre decembre déc diciembre dic dezembro dicembre grudnia gru'.split(' '),
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
  PKT: 300,
  IST: 330,
  NPT: 345,
  WIB: 420,
  ICT: 420,
  SGT: 480,
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
  BRT: -180,
  ART: -180,
};

/** Minutes east of UTC of a zone abbreviation in capitals, or null. */
export function zoneAbbreviation(name: string): number | null {
  return Object.hasOwn(ZONES, name) ? (ZONES[name] ?? null) : null;
}
