// Our own line icons on a 24 by 24 grid, inline so that they take the colour of their text and need no font.
const PATHS = {
  home: 'M4 11.5 12 4l8 7.5M6.5 10v9h11v-9M10 19v-5h4v5',
  channel: 'M9.5 4 8 20M16 4l-1.5 16M4.5 9h16M3.5 15h16',
  people:
    'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM3 20c0-4 2.5-6 6-6s6 2 6 6M16 4.5a3.5 3.5 0 0 1 0 6.3M18 14.5c2 .8 3 2.7 3 5.5',
  lock: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  direct: 'M12 4.5 19.5 12 12 19.5 4.5 12zM12 9.5v5M9.5 12h5',
  theme: 'M12 4a8 8 0 1 0 0 16zM12 4a8 8 0 0 1 0 16',
  'sign-out': 'M13 5H6v14h7M10.5 12H20M16.5 8.5 20 12l-3.5 3.5',
  menu: 'M4 7h16M4 12h16M4 17h16',
  attach: 'M12 5v14M5 12h14',
  close: 'M6 6l12 12M18 6 6 18',
  more: 'M5.5 12h.01M12 12h.01M18.5 12h.01',
  thread: 'M4 5h16v11h-8l-4.5 4V16H4z',
  download: 'M12 4v11M7.5 11 12 15.5 16.5 11M5 19.5h14',
  pushpin: 'M9 4h6M10 4v6l-3 4h10l-3-4V4M12 14v6',
  white_check_mark: 'M4.5 12.5 10 18 19.5 7',
  question: 'M8.5 9a3.5 3.5 0 1 1 5 3.2c-1 .5-1.5 1.1-1.5 2.3M12 18.5h.01',
  private: 'M3 12s3.5-6 9-6 9 6 9 6-3.5 6-9 6-9-6-9-6zM12 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z',
} as const;

export type IconName = keyof typeof PATHS;

/** A picture beside words; it says nothing to a screen reader, so words always stand with it. */
export const Icon = ({ name }: { readonly name: IconName }) => (
  <svg class={`icon icon-${name}`} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    <path d={PATHS[name]} />
  </svg>
);
