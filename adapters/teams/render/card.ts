// A view as one card, or as several messages when it does not fit; what goes on elsewhere is said.
import type { DeliverableView } from '../../../src/chat/types.ts';
import { clip, reveal } from '../../../src/view/escape.ts';
import type { Element } from '../../../src/view/types.ts';
import type { Activity } from '../connector.ts';
import { LIMITS } from '../limits.ts';
import { elementPieces, execute } from './element.ts';
import { type Json, literal } from './prose.ts';
import { splitElement, weight } from './split.ts';

export interface CardOptions {
  /** A button that brings back the card this one stands in front of. */
  readonly hasBack?: boolean;
  /** Shown above everything. */
  readonly banner?: string | null;
  /** Teams addresses (29:...) of people for whom the card is asked for anew when they look at it. It gives them no right. */
  readonly refreshFor?: readonly string[];
  /** Weight of one part in bytes. */
  readonly partBytes?: number;
}

export const CARD_TYPE = 'application/vnd.microsoft.card.adaptive';

/** A card around pieces. */
export function card(body: readonly Json[], summary: string, more: Json = {}): Json {
  return {
    type: 'AdaptiveCard',
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    version: '1.5',
    fallbackText: summary,
    msteams: { width: 'Full' },
    body,
    ...more,
  };
}

export const summaryOf = (view: DeliverableView): string => clip(reveal(view.view.summary), LIMITS.summary);

interface Part {
  pieces: Json[];
  size: number;
}

/** The cards of a view, in order: usually one. */
export function cardsOf({ view, tokens }: DeliverableView, options: CardOptions = {}): readonly Json[] {
  const summary = clip(reveal(view.summary), LIMITS.summary);
  const parts: Part[] = [{ pieces: [], size: 0 }];
  const partBytes = options.partBytes ?? LIMITS.partBytes;
  const add = (pieces: readonly Json[]): void => {
    const size = weight(pieces);
    const last = parts.at(-1) as Part;
    if (last.pieces.length > 0 && last.size + size > partBytes) parts.push({ pieces: [...pieces], size });
    else {
      last.pieces.push(...pieces);
      last.size += size;
    }
  };
  let used = 0;
  for (const element of view.elements) {
    const mine = element.kind === 'actions' ? tokens.slice(used, (used += element.buttons.length)) : [];
    for (const part of splitElement(element as Element, partBytes)) add(elementPieces(part, mine));
  }
  if (parts[0]?.pieces.length === 0) add([literal(summary)]);
  return parts.map((part, i) => {
    const isFirst = i === 0;
    const isLast = i === parts.length - 1;
    const body: Json[] = [
      ...(options.banner
        ? [{ type: 'Container', style: 'warning', items: [literal(options.banner, { weight: 'Bolder' })] }]
        : []),
      ...(isFirst ? [] : [literal(`Part ${i + 1} of ${parts.length}: ${summary}`, { size: 'Small', isSubtle: true })]),
      ...part.pieces,
      ...(isLast
        ? []
        : [
            literal(`Part ${i + 1} of ${parts.length}: it goes on in the next message.`, {
              size: 'Small',
              isSubtle: true,
            }),
          ]),
      ...(isLast && options.hasBack
        ? [{ type: 'ActionSet', actions: [execute('Back to the card', { countersign: 'back', token: '' })] }]
        : []),
    ];
    const people = (options.refreshFor ?? []).slice(0, LIMITS.refreshUserIds);
    return card(body, summary, {
      ...(isFirst && parts.length === 1 && people.length > 0
        ? {
            refresh: {
              action: { type: 'Action.Execute', verb: 'refresh', data: { countersign: 'refresh', token: '' } },
              userIds: people,
            },
          }
        : {}),
    });
  });
}

/** A message with one card. `summary` is what notifications and screen readers say. */
export const cardMessage = (shown: Json, summary: string): Activity => ({
  type: 'message',
  summary,
  attachments: [{ contentType: CARD_TYPE, content: shown }],
});
