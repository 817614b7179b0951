/** Light for paper and most chats, dark for a dark room, `reader` for whichever its reader's browser asks for. Each keeps the three severities apart in black and white. */
export type Theme = 'light' | 'dark' | 'reader';

/** Colours of one theme; contrast of ink and soft on paper is over 4.5. */
export interface Look {
  readonly font: string;
  readonly paper: string;
  readonly ink: string;
  readonly soft: string;
  readonly grid: string;
  readonly gap: string;
  readonly decision: string;
  readonly onHigh: string;
  readonly bars: { readonly high: string; readonly mid: string; readonly low: string };
}

const FONT = 'Inter, system-ui, sans-serif';

export const THEMES: Readonly<Record<Exclude<Theme, 'reader'>, Look>> = {
  light: {
    font: FONT,
    paper: '#ffffff',
    ink: '#1b1f24',
    soft: '#59636e',
    grid: '#e4e8ec',
    gap: '#f3f4f6',
    decision: '#0b5cad',
    onHigh: '#ffffff',
    bars: { high: '#a31515', mid: '#d98a1f', low: '#c3cad2' },
  },
  dark: {
    font: FONT,
    paper: '#0f141a',
    ink: '#e8edf2',
    soft: '#9aa5b1',
    grid: '#26303a',
    gap: '#1a222b',
    decision: '#6cb6ff',
    onHigh: '#0f141a',
    bars: { high: '#ff8a7a', mid: '#b7791f', low: '#414d59' },
  },
};

const COLOURS = ['paper', 'ink', 'soft', 'grid', 'gap', 'decision', 'onHigh'] as const;
const LEVELS = ['high', 'mid', 'low'] as const;

/** Colours by name, to be filled in by `READER_STYLE`. */
const READER: Look = {
  font: FONT,
  ...(Object.fromEntries(COLOURS.map((name) => [name, `var(--${name})`])) as Record<(typeof COLOURS)[number], string>),
  bars: { high: 'var(--high)', mid: 'var(--mid)', low: 'var(--low)' },
};

/** The colours of a theme. */
export const lookOf = (theme: Theme): Look => (theme === 'reader' ? READER : THEMES[theme]);

const named = (look: Look): string =>
  [...COLOURS.map((name) => `--${name}:${look[name]}`), ...LEVELS.map((name) => `--${name}:${look.bars[name]}`)].join(
    ';',
  );

/** What the names of `reader` stand for: light on paper and by default, dark where the page or the system is. */
export const READER_STYLE = `:root{color-scheme:light dark;background:var(--paper);${named(THEMES.light)}}@media screen and (prefers-color-scheme:dark){:root{${named(THEMES.dark)}}}`;
