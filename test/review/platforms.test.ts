// The review at its largest, as Slack and Teams take it.
import { describe, expect, it } from 'vitest';
import { formModal } from '../../adapters/slack/render/form.ts';
import { cardsOf } from '../../adapters/teams/render/card.ts';
import { formCard } from '../../adapters/teams/render/form.ts';
import { type Incident, noIncident } from '../../src/incident/types.ts';
import { LONGEST_SECTION } from '../../src/review/draft.ts';
import { type ReviewBody, SECTIONS } from '../../src/review/types.ts';
import { editForm, reviewView } from '../../src/review/view.ts';
import { buttonsOf } from '../../src/view/build.ts';
import { checkSlack } from '../doubles/check-slack.ts';
import { cardFaults } from '../teams/check-card.ts';

const incident: Incident = { ...noIncident, key: 'INC-1', title: 'Guessed password' };
const line = 'Somebody guessed the password of root on web-01, and nobody looked. [FI-1]';
const section = Array.from({ length: Math.floor(LONGEST_SECTION / (line.length + 1)) }, () => line);
const body = Object.fromEntries(SECTIONS.map(({ name }) => [name, section])) as unknown as ReviewBody;
const by = { kind: 'human', platform: 'web', tenant: 'local', id: 'mira', label: 'Mira Sample' } as const;
const draft = { body, corrects: null, editedBy: by, editedAt: '2026-11-20T12:00:00.000Z' };

describe('a review as long as it may be', () => {
  const form = editForm(
    'INC-1',
    body,
    SECTIONS.map((s) => s.name),
  );

  it('has a form that Slack and Teams take', () => {
    const deliverable = { form, token: 'form-token' };
    expect(checkSlack('modal', formModal(deliverable, { channel: 'C0', thread: '' } as never))).toEqual([]);
    expect(cardFaults(formCard(deliverable))).toEqual([]);
  });

  it('keeps every word of a section in the form that changes it', () => {
    const { fields } = formModalFields(form);
    expect(fields).toEqual(SECTIONS.map(() => section.join('\n')));
  });

  it('is a card that Teams takes', () => {
    const view = reviewView(incident, { draft, published: [] });
    const cards = cardsOf({ view, tokens: buttonsOf(view).map((_, i) => `token-${i}`) });
    expect(cards.flatMap((card) => cardFaults(card))).toEqual([]);
  });
});

/** The texts that Slack's inputs start with. */
function formModalFields(form: ReturnType<typeof editForm>): { readonly fields: readonly string[] } {
  const modal = formModal({ form, token: 'form-token' }, { channel: 'C0', thread: '' } as never);
  const blocks = modal['blocks'] as readonly {
    readonly type: string;
    readonly element?: { readonly initial_value?: string };
  }[];
  return { fields: blocks.filter((b) => b.type === 'input').map((b) => b.element?.initial_value ?? '') };
}
