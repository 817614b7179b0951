/** Light for paper and most chats, dark for a dark room. Both keep the three severities apart in black and white. */
export type Theme = 'light' | 'dark';

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

export const THEMES: Readonly<Record<Theme, Look>> = {
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
