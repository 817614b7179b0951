// The incident's timeline as a picture: kept as blobs that views name.

import { sha256Hex } from '../audit/canonical.ts';
import type { TimelineEvent } from '../timeline/event.ts';
import type { PictureEvent, PictureGap } from '../timeline/picture/plan.ts';
import type { Timeline } from '../timeline/types.ts';
import type { Element } from '../view/types.ts';
import type { Call } from './types.ts';

function eventOf(e: TimelineEvent, names: ReadonlyMap<string, string>, wayIn: string | null): PictureEvent {
  return {
    occurredAt: e.occurredAt,
    lastAt: e.lastAt,
    source: e.evidence ? (names.get(e.evidence) ?? e.evidence) : 'people',
    count: e.count,
    severity: e.severity,
    score: e.derived?.score ?? 0,
    message: e.text,
    reasons: e.derived?.reasons ?? [],
    isWayIn: e.key === wayIn,
    kind: e.provenance === 'log' ? 'log' : e.provenance === 'decision' ? 'decision' : 'human',
  };
}

const HOUR_MS = 3_600_000;

/** Events of the logs, and what people did within as much time again around them: a decision days later would flatten the rest. */
function nearTheLogs(events: readonly TimelineEvent[]): readonly TimelineEvent[] {
  const logged = events.filter((e) => e.provenance === 'log');
  const from = logged.reduce((at, e) => Math.min(at, Date.parse(e.occurredAt)), Infinity);
  const to = logged.reduce((at, e) => Math.max(at, Date.parse(e.lastAt)), -Infinity);
  const around = Math.max(to - from, HOUR_MS);
  return events.filter((e) => {
    const at = Date.parse(e.occurredAt);
    return e.provenance === 'log' || (at >= from - around && at <= to + around);
  });
}

/** Keeps a picture as its incident's: it quotes the lines it was drawn from, and goes with them. */
async function kept({ services }: Call, incident: string, bytes: Uint8Array): Promise<string> {
  const { store, blobs } = services;
  // Noted first: a crash in between leaves a name without a file, never a file that no disposal finds.
  await store.drawn.note(sha256Hex(bytes), incident);
  return blobs.keep(bytes);
}

/** Activity by source with the ranked events, gaps and decisions; nothing when there is too little to draw. */
export async function pictureOf(call: Call, events: readonly TimelineEvent[]): Promise<readonly Element[]> {
  const { dossier, services } = call;
  const shown = events.filter((e) => !e.isRetracted);
  if (!dossier || shown.filter((e) => e.provenance === 'log').length < 2) return [];
  const names = new Map(dossier.evidence.items.map((i) => [i.key, `${i.key} ${i.name}`]));
  const gaps: PictureGap[] = [];
  const candidates: { readonly key: string; readonly at: string }[] = [];
  for (const { evidence, result } of dossier.timeline.additions) {
    const timeline: Timeline | null = await services.intake.result(result);
    const source = names.get(evidence) ?? evidence;
    for (const c of timeline?.receipt.clock ?? []) gaps.push({ source, fromAt: c.fromAt, toAt: c.toAt, kind: c.kind });
    const first = timeline?.initialAccess[0];
    const event = first && shown.find((e) => e.evidence === evidence && e.lines.includes(first.line));
    if (event) candidates.push({ key: event.key, at: event.occurredAt });
  }
  const wayIn = candidates.sort((a, b) => (a.at < b.at ? -1 : 1))[0]?.key ?? null;
  // The plotting library is large and most calls never draw: it is loaded with the first picture.
  const { drawPicture, pngOf, withFont } = await import('../timeline/picture/picture.ts');
  const input = {
    title: dossier.incident.key,
    events: nearTheLogs(shown).map((e) => eventOf(e, names, wayIn)),
    gaps,
  };
  const picture = drawPicture(input);
  if (!picture) return [];
  // A browser shows it light or dark as its reader wants; a chat takes one picture, on paper white.
  const themed = drawPicture(input, 'reader') ?? picture;
  const svg = await kept(call, dossier.incident.key, new TextEncoder().encode(withFont(themed.svg)));
  const wantsPng = services.capabilities(call.actor.platform).hasPictures === 'png';
  const png = wantsPng ? await kept(call, dossier.incident.key, await pngOf(picture.svg)) : '';
  return [{ kind: 'image', svg, png, altText: picture.altText }];
}
