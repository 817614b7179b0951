// Draws a plan with echarts' server-side SVG renderer: bars and axis are charts, numbers and notes are laid out by us so that
// they never lie on each other. Everything is told apart by shape and darkness as well as by colour.
import { BarChart } from 'echarts/charts';
import { GraphicComponent, GridComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { shown } from '../export/columns.ts';
import { clock, headline, minute } from './alt-text.ts';
import { type Look, lookOf, READER_STYLE, THEMES, type Theme } from './look.ts';
import { layOut, type Marker } from './markers.ts';
import type { Bar, Lane, PictureEvent, PicturePlan } from './plan.ts';

use([BarChart, GraphicComponent, GridComponent, SVGRenderer]);

const WIDTH = 1200;
const LEFT = 176;
const RIGHT = 36;
const PLOT = WIDTH - LEFT - RIGHT;
const HEAD = 92;
const DECISIONS = 46;
const LANE = 96;
const AXIS = 44;
const LINE = 30;
const HOUR = 3_600_000;

type Shape = Record<string, unknown>;

/** Draws a plan as a stand-alone SVG, 1200 px wide, as high as it needs. */
export function drawSvg(plan: PicturePlan, theme: Theme): string {
  const look = lookOf(theme);
  const decisionsHeight = plan.decisions.length ? DECISIONS : 0;
  const lanesTop = HEAD + decisionsHeight;
  const axisTop = lanesTop + Math.max(1, plan.lanes.length) * LANE;
  const listTop = axisTop + AXIS + 14;
  const rows = plan.numbered.length + plan.decisions.length + (footnote(plan) ? 1 : 0);
  const height = listTop + Math.max(1, rows) * LINE + 16;
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height });
  const x = (ms: number) => LEFT + ((ms - plan.fromMs) / (plan.toMs - plan.fromMs)) * PLOT;
  chart.setOption({
    animation: false,
    backgroundColor: look.paper,
    textStyle: { fontFamily: look.font },
    grid: plan.lanes.map((_, i) => ({ left: LEFT, width: PLOT, top: lanesTop + i * LANE + 28, height: LANE - 34 })),
    xAxis: plan.lanes.map((lane, i) => ({
      type: 'category',
      gridIndex: i,
      show: false,
      data: lane.bars.map((b) => b.atMs),
    })),
    yAxis: plan.lanes.map((lane, i) => ({ type: 'value', gridIndex: i, show: false, min: 0, max: tallest(lane) })),
    series: plan.lanes.flatMap((lane, i) => series(lane, i, look)),
    graphic: [
      ...heading(plan, look),
      ...axis(plan, x, lanesTop, axisTop, look),
      ...plan.lanes.flatMap((lane, i) => laneShapes(lane, lanesTop + i * LANE, x, look)),
      ...decisionShapes(plan, x, axisTop, look),
      ...layOut(plan, x).flatMap((m) => markerShapes(m, lanesTop + m.lane * LANE, look)),
      ...list(plan, listTop, look),
    ],
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  // The rasteriser does not read the font shorthand that echarts writes.
  const drawn = svg.replace(
    /style="font: (\d+) (\d+)px ([^;"]+)/g,
    'style="font-weight:$1;font-size:$2px;font-family:$3',
  );
  return theme === 'reader' ? drawn.replace('>', `><style>${READER_STYLE}</style>`) : drawn;
}

// Square roots keep a handful of records visible beside a burst.
const total = (bar: Bar) => bar.low + bar.mid + bar.high;
const tallest = (lane: Lane) => Math.max(1, ...lane.bars.map((bar) => Math.sqrt(total(bar))));

function series(lane: Lane, index: number, look: Look): Shape[] {
  return (['high', 'mid', 'low'] as const).map((level) => ({
    type: 'bar',
    xAxisIndex: index,
    yAxisIndex: index,
    stack: `lane ${index}`,
    barCategoryGap: '12%',
    silent: true,
    itemStyle: { color: look.bars[level] },
    data: lane.bars.map((bar) => (total(bar) === 0 ? 0 : (Math.sqrt(total(bar)) * bar[level]) / total(bar))),
  }));
}

const text = (x: number, y: number, words: string, size: number, fill: string, more: Shape = {}): Shape => ({
  type: 'text',
  silent: true,
  style: {
    x,
    y,
    text: words,
    fill,
    font: `${more['weight'] ?? 400} ${size}px ${THEMES.light.font}`,
    textVerticalAlign: 'middle',
    ...more,
  },
});

const line = (x1: number, y1: number, x2: number, y2: number, stroke: string, more: Shape = {}): Shape => ({
  type: 'line',
  silent: true,
  shape: { x1, y1, x2, y2 },
  style: { stroke, lineWidth: 1, ...more },
});

const rect = (x: number, y: number, width: number, height: number, style: Shape): Shape => ({
  type: 'rect',
  silent: true,
  shape: { x, y, width, height },
  style,
});

function heading(plan: PicturePlan, look: Look): Shape[] {
  const records = plan.lanes.reduce((n, lane) => n + lane.total, 0).toLocaleString('en-US');
  const silences = plan.lanes.flatMap((lane) => lane.gaps).length;
  const facts = [
    `${minute(plan.fromMs)} to ${minute(plan.toMs)} UTC`,
    `${records} records from ${plan.lanes.length} ${plan.lanes.length === 1 ? 'source' : 'sources'}`,
    ...(silences ? [`${silences} ${silences === 1 ? 'gap' : 'gaps'} or clock jumps`] : []),
  ];
  const legend = (['high', 'mid', 'low'] as const).flatMap((level, i) => [
    rect(WIDTH - RIGHT - [250, 128, 62][i]!, 60, 12, 12, { fill: look.bars[level] }),
    text(
      WIDTH - RIGHT - [232, 110, 44][i]!,
      66,
      { high: 'severity 7-10', mid: '4-6', low: '0-3' }[level],
      13,
      look.soft,
    ),
  ]);
  return [
    text(28, 30, clip(shown(plan.title), 90), 22, look.ink, { weight: 700 }),
    text(28, 66, facts.join('  ·  '), 14, look.soft),
    ...legend,
  ];
}

function axis(plan: PicturePlan, x: (ms: number) => number, top: number, bottom: number, look: Look): Shape[] {
  const span = plan.toMs - plan.fromMs;
  const steps = [1 / 60, 5 / 60, 10 / 60, 0.25, 0.5, 1, 2, 3, 6, 12, 24, 48, 168, 720, 8760].map((h) => h * HOUR);
  const step = steps.find((ms) => span / ms <= 12) ?? span;
  const shapes: Shape[] = [line(LEFT, bottom, WIDTH - RIGHT, bottom, look.soft)];
  let day = '';
  for (let ms = Math.ceil(plan.fromMs / step) * step; ms <= plan.toMs; ms += step) {
    const date = minute(ms).slice(0, 10);
    shapes.push(line(x(ms), top, x(ms), bottom, look.grid));
    const isDays = step >= 24 * HOUR;
    shapes.push(text(x(ms), bottom + 14, isDays ? date.slice(5) : clock(ms), 14, look.ink, { align: 'center' }));
    if (!isDays && date !== day) shapes.push(text(x(ms), bottom + 32, date, 12, look.soft, { align: 'center' }));
    day = date;
  }
  return shapes;
}

function laneShapes(lane: Lane, top: number, x: (ms: number) => number, look: Look): Shape[] {
  const shapes = [
    line(28, top, WIDTH - RIGHT, top, look.grid),
    text(28, top + 42, clip(shown(lane.source), 18), 15, look.ink, { weight: 700 }),
    text(28, top + 62, `${lane.total.toLocaleString('en-US')} records`, 13, look.soft),
  ];
  for (const gap of lane.gaps) {
    const [from, to] = [x(gap.fromMs), Math.max(x(gap.toMs), x(gap.fromMs) + 3)];
    shapes.push(
      rect(from, top + 30, to - from, LANE - 38, { fill: look.gap, stroke: look.soft, lineWidth: 1, lineDash: [5, 4] }),
    );
    const minutes = Math.round((gap.toMs - gap.fromMs) / 60_000);
    const words = gap.kind === 'gap' ? `no records ${duration(minutes)}` : `clock jump ${duration(minutes)}`;
    if (to - from > words.length * 7)
      shapes.push({ ...text((from + to) / 2, top + LANE / 2 + 12, words, 13, look.ink, { align: 'center' }), z: 10 });
  }
  return shapes;
}

const duration = (minutes: number) => (minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`);

function decisionShapes(plan: PicturePlan, x: (ms: number) => number, bottom: number, look: Look): Shape[] {
  if (plan.decisions.length === 0) return [];
  const y = HEAD + DECISIONS / 2;
  let last = 0;
  return [
    text(28, y, 'Our decisions', 15, look.ink, { weight: 700 }),
    ...plan.decisions.flatMap((d) => {
      const at = x(d.atMs);
      last = Math.min(WIDTH - 14, Math.max(at, last + 28));
      return [
        line(at, y + 12, at, bottom, look.decision, { lineDash: [2, 4], lineWidth: 1.5 }),
        badge(last, y, 24, look),
        text(last, y + 1, d.letter, 14, look.decision, CENTRED),
      ];
    }),
  ];
}

function markerShapes(marker: Marker, top: number, look: Look): Shape[] {
  const y = top + 15;
  const fill = isSevere(marker.event) ? look.bars.high : look.paper;
  const ring = marker.event.isWayIn ? [circle(marker.x, y, 15, look.paper, look.ink)] : [];
  return [
    line(marker.at, y + 18, marker.at, top + LANE - 6, look.ink, { lineWidth: 1.25 }),
    line(marker.x, y + 8, marker.at, y + 18, look.ink, { lineWidth: 1.25 }),
    ...ring,
    circle(marker.x, y, 12, fill, look.ink),
    text(marker.x, y + 1, String(marker.number), 14, isSevere(marker.event) ? look.onHigh : look.ink, CENTRED),
  ];
}

interface Row {
  readonly mark: string;
  readonly isLetter: boolean;
  readonly isSevere: boolean;
  readonly atMs: number;
  readonly event: PictureEvent;
  readonly source: string;
}

function list(plan: PicturePlan, top: number, look: Look): Shape[] {
  const spansDays = minute(plan.fromMs).slice(0, 10) !== minute(plan.toMs - 1).slice(0, 10);
  const rows: Row[] = [
    ...plan.numbered.map(({ number, atMs, event }) => ({
      mark: String(number),
      isLetter: false,
      isSevere: isSevere(event),
      atMs,
      event,
      source: shown(event.source),
    })),
    ...plan.decisions.map(({ letter, atMs, event }) => ({
      mark: letter,
      isLetter: true,
      isSevere: false,
      atMs,
      event,
      source: 'our decision',
    })),
  ];
  const shapes = rows.flatMap((row, i) => rowShapes(row, top + i * LINE + LINE / 2, spansDays, look));
  if (rows.length === 0) shapes.push(text(28, top + LINE / 2, 'No event stands out.', 15, look.soft));
  const words = footnote(plan);
  if (words) shapes.push(text(LEFT, top + rows.length * LINE + LINE / 2, words, 13, look.soft));
  return shapes;
}

function rowShapes(row: Row, y: number, spansDays: boolean, look: Look): Shape[] {
  const head = capital(shown(headline(row.event)));
  const repeated = row.event.count > 1 ? `${row.event.count.toLocaleString('en-US')}×  ` : '';
  const message = `${repeated}${shown(row.event.message)}`;
  return [
    row.isLetter ? badge(41, y, 22, look) : circle(41, y, 11, row.isSevere ? look.bars.high : look.paper, look.ink),
    text(41, y + 1, row.mark, 13, row.isLetter ? look.decision : row.isSevere ? look.onHigh : look.ink, CENTRED),
    text(64, y + 1, spansDays ? minute(row.atMs).slice(5) : clock(row.atMs), 15, look.ink, { weight: 700 }),
    ...(head
      ? [
          text(LEFT, y + 1, clip(head, 58), 15, look.ink, { weight: 700 }),
          text(LEFT + 486, y + 1, clip(message, 48), 14, look.soft),
        ]
      : [text(LEFT, y + 1, clip(message, 108), 15, look.ink)]),
    text(WIDTH - RIGHT, y + 1, clip(keyOf(row.source), 14), 13, look.soft, { align: 'right' }),
  ];
}

// An incident's sources begin with the key of their evidence, which is all that a row needs.
const keyOf = (source: string) => /^EV-\d+(?= )/.exec(source)?.[0] ?? source;

const CENTRED = { align: 'center', weight: 700 };
const isSevere = (event: PictureEvent) => event.severity >= 7 || event.isWayIn;
const capital = (words: string) => words.slice(0, 1).toUpperCase() + words.slice(1);

const circle = (cx: number, cy: number, r: number, fill: string, stroke: string): Shape => ({
  type: 'circle',
  silent: true,
  shape: { cx, cy, r },
  style: { fill, stroke, lineWidth: 1.75 },
});

const badge = (x: number, y: number, size: number, look: Look): Shape => ({
  type: 'rect',
  silent: true,
  shape: { x: x - size / 2, y: y - size / 2, width: size, height: size, r: 5 },
  style: { fill: look.paper, stroke: look.decision, lineWidth: 2 },
});

function footnote(plan: PicturePlan): string {
  const leftOut = plan.eventsLeftOut + plan.decisionsLeftOut;
  return [
    leftOut > 0 ? `${leftOut} more ${leftOut === 1 ? 'is' : 'are'} in the timeline.` : '',
    plan.hasRepeats ? 'Repeats are drawn evenly between their first and their last.' : '',
  ]
    .filter(Boolean)
    .join(' ');
}

const clip = (words: string, most: number) => (words.length > most ? `${words.slice(0, most - 1)}…` : words);
