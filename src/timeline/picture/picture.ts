import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { renderAsync } from '@resvg/resvg-js';
import type { DerivedEvent, Timeline } from '../types.ts';
import { altText } from './alt-text.ts';
import { drawSvg } from './draw.ts';
import type { Theme } from './look.ts';
import { type PictureEvent, type PictureInput, planPicture } from './plan.ts';

/** The timeline as a picture: an SVG for the web, and what it shows in words. */
export interface Picture {
  readonly svg: string;
  readonly altText: string;
}

/** Draws activity over time by source, the ranked events numbered, gaps and decisions marked; null when no event has a time. */
export function drawPicture(input: PictureInput, theme: Theme = 'light'): Picture | null {
  const plan = planPicture(input);
  return plan && { svg: drawSvg(plan, theme), altText: altText(plan) };
}

const require = createRequire(import.meta.url);
// Bare machines have no font, so the picture brings its own (Inter, SIL Open Font License 1.1).
const FONT_FILES = ['400Regular/Inter_400Regular.ttf', '700Bold/Inter_700Bold.ttf'];

// Browsers that show an SVG as an image load nothing for it, so the letters travel inside: Latin, 24 KB a weight.
const WEB_FONTS = [400, 700].map((weight) => ({
  weight,
  file: `@fontsource/inter/files/inter-latin-${weight}-normal.woff2`,
}));

/** The same SVG with its font inside, for a browser that may have no such font. */
export function withFont(svg: string): string {
  const faces = WEB_FONTS.map(({ weight, file }) => {
    const font = readFileSync(require.resolve(file)).toString('base64');
    return `@font-face{font-family:Inter;font-weight:${weight};src:url(data:font/woff2;base64,${font}) format("woff2")}`;
  });
  return svg.replace(/>/, `><style>${faces.join('')}</style>`);
}

/** Renders a picture's SVG as PNG for chats that take no SVG, `scale` times its size (2 for sharp text); runs outside the event loop. */
export async function pngOf(svg: string, scale = 2): Promise<Uint8Array> {
  const image = await renderAsync(svg, {
    fitTo: { mode: 'zoom', value: scale },
    font: {
      fontFiles: FONT_FILES.map((file) => require.resolve(`@expo-google-fonts/inter/${file}`)),
      loadSystemFonts: false,
      defaultFontFamily: 'Inter',
    },
  });
  return image.asPng();
}

/** One derived event as the picture needs it; `wayIn` is the line of the first candidate for how they got in. */
function pictureEvent(event: DerivedEvent, source: string, wayIn?: number): PictureEvent {
  return {
    occurredAt: event.occurredAt,
    lastAt: event.lastAt,
    source,
    count: event.count,
    severity: event.severity,
    score: event.score,
    message: event.message,
    reasons: event.reasons,
    isWayIn: wayIn !== undefined && event.lines.includes(wayIn),
    kind: 'log',
  };
}

/** What a picture shows of whole inputs, each named by its source: all their events, their gaps, and the earliest of their first candidates for the way in. */
export function pictureOf(
  title: string,
  parts: readonly { readonly source: string; readonly timeline: Timeline }[],
): PictureInput {
  const events = parts.flatMap(({ source, timeline }) => {
    const wayIn = timeline.initialAccess[0]?.line;
    return timeline.events.map((event) => pictureEvent(event, source, wayIn));
  });
  // Of several sources' candidates the first in time: the others came after it.
  const best = events.filter((e) => e.isWayIn).sort((a, b) => Date.parse(a.occurredAt) - Date.parse(b.occurredAt))[0];
  return {
    title,
    events: events.map((e) => (e.isWayIn && e !== best ? { ...e, isWayIn: false } : e)),
    gaps: parts.flatMap(({ source, timeline }) => timeline.receipt.clock.map((c) => ({ ...c, source }))),
  };
}
