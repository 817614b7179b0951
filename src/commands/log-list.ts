// What evidence there is, and the indicators in it.
import { defang } from '../evidence/defang.ts';
import { withoutSecrets } from '../evidence/secrets.ts';
import { sizeText } from '../evidence/view.ts';
import type { Indicator } from '../timeline/types.ts';
import { actions, button, code, prose, table, text, time, untrusted, view } from '../view/build.ts';
import { incidentOf } from './status.ts';
import { type Answer, type Call, one } from './types.ts';

export async function listEvidence(call: Call): Promise<Answer> {
  const items = call.dossier?.evidence.items ?? [];
  if (items.length === 0)
    return {
      kind: 'private',
      view: view('No evidence yet', [
        text('No evidence yet. Paste lines, drop a file, or use "Read as log" on a message.'),
        actions(button('Add logs', 'log', { incident: incidentOf(call) })),
      ]),
    };
  const onTimeline = new Set(call.dossier?.timeline.additions.map((a) => a.evidence));
  return {
    kind: 'private',
    view: view(`${items.length} pieces of evidence`, [
      table(
        'Evidence',
        ['key', 'name', 'size', 'lines', 'from', 'state'],
        items.map((i) => [
          code(i.key),
          untrusted(i.name),
          sizeText(i.sizeBytes),
          i.reading ? String(i.reading.lines) : '',
          prose(i.receivedBy.label, ', ', time(i.receivedAt)),
          onTimeline.has(i.key) ? 'on the timeline' : i.reading ? 'read' : (i.failure ?? 'being read'),
        ]),
      ),
      actions(
        ...items
          .filter((i) => i.reading && !onTimeline.has(i.key))
          .slice(0, 5)
          .map((i) => button(`Preview ${i.key}`, 'log preview', { incident: incidentOf(call), evidence: i.key })),
      ),
    ]),
  };
}

export async function indicators(call: Call): Promise<Answer> {
  const { dossier } = call;
  const only = one(call.args, 'type').toLowerCase();
  if (!dossier) return { kind: 'none' };
  const confirmed = dossier.evidence.indicators.filter((i) => only === '' || i.type === only);
  const key = one(call.args, 'evidence').toUpperCase();
  const items = dossier.evidence.items.filter((i) => i.reading && (key === '' || i.key === key));
  const found: (Indicator & { readonly evidence: string })[] = [];
  for (const item of items) {
    const timeline = item.reading ? await call.services.intake.result(item.reading.result) : null;
    found.push(
      ...(timeline ? withoutSecrets(timeline) : [])
        .filter((i) => only === '' || i.type === only)
        .map((i) => ({ ...i, evidence: item.key })),
    );
  }
  const isConfirmed = (i: Indicator): boolean => confirmed.some((c) => c.type === i.type && c.value === i.value);
  const others = found.filter((i) => !isConfirmed(i)).sort((a, b) => b.count - a.count);
  return {
    kind: 'private',
    view: view(`${confirmed.length} indicators kept, ${others.length} seen in logs`, [
      ...(confirmed.length > 0
        ? [
            table(
              'Kept for the incident (defanged)',
              ['type', 'value', 'from', 'by'],
              confirmed.map((i) => [i.type, code(defang(i.value)), i.evidence, i.confirmedBy.label]),
            ),
          ]
        : []),
      ...(others.length > 0
        ? [
            table(
              `Seen in the logs${others.length > 40 ? `: 40 of ${others.length}` : ''} (defanged)`,
              ['type', 'value', 'times', 'ours', 'where'],
              others
                .slice(0, 40)
                .map((i) => [
                  i.type,
                  code(defang(i.value)),
                  String(i.count),
                  i.isOurs ? 'ours' : '',
                  `${i.evidence} line ${i.lines[0] ?? '?'}`,
                ]),
            ),
          ]
        : []),
      ...(confirmed.length + others.length === 0 ? [text('No indicators yet.')] : []),
    ]),
  };
}
