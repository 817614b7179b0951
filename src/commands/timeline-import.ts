// A timeline exported elsewhere, put on this one: its bytes are evidence, its rows are events, its comments and tags come along.
import { isRefusal, refuse } from '../refusal.ts';
import { decideTimeline } from '../timeline/decide.ts';
import { importOf } from '../timeline/export/import.ts';
import { actions, button, notice, text, view } from '../view/build.ts';
import { readOptions } from './evidence.ts';
import { incidentOf } from './status.ts';
import { type Answer, type Call, type Command, one } from './types.ts';

async function importTimeline(call: Call): Promise<Answer> {
  const incident = incidentOf(call);
  let key = one(call.args, 'evidence').toUpperCase();
  const [file] = call.files;
  if (file) {
    const options = readOptions(call, '');
    if (isRefusal(options)) return options;
    const received = await call.services.intake.receive(
      incident,
      call.recordActor,
      [{ name: file.name, how: 'upload', bytes: file.bytes, message: null }],
      options,
    );
    if (isRefusal(received)) return received;
    key = received.kept[0]?.key ?? '';
  }
  if (key === '')
    return {
      kind: 'form',
      form: {
        title: 'Import a timeline',
        submitLabel: 'Import',
        intent: { verb: 'timeline import', args: { incident } },
        intro: [
          text(
            'An export of this program or of Timesketch, as CSV or JSON Lines. The file is kept as evidence; every event says that it was imported and where it stood before.',
          ),
        ],
        fields: [{ kind: 'file', name: 'file', label: 'Timesketch CSV or JSON Lines', isRequired: true }],
      },
    };
  const { incidents, blobs, intake } = call.services;
  const item = (await incidents.load(incident)).state.evidence.items.find((i) => i.key === key);
  if (!item) return refuse('no-such-evidence', `There is no evidence ${key} here. "log list" shows what there is.`);
  const bytes = await blobs.read(item.sha256);
  if (!bytes) return refuse('not-read', `The bytes of ${key} are gone: they were erased.`);
  const read = importOf(bytes);
  if (isRefusal(read)) return read;
  const { timeline, marks, left } = read;
  const result = await intake.keepResult(timeline);
  const done = await call.services.act(incident, call.recordActor, (dossier) => {
    const records = decideTimeline(
      { do: 'import', import: { evidence: key, result, marks } },
      dossier.timeline,
      () => true,
    );
    return isRefusal(records) ? records : { records };
  });
  if (isRefusal(done)) return done;
  const noted = marks.length > 0 ? `, ${marks.length} with stars, tags or comments` : '';
  return {
    kind: 'private',
    view: view(
      `${timeline.events.length} events imported from ${key}`,
      [
        notice(
          'good',
          `${timeline.events.length} events of ${key} are on the timeline${noted}. Each says where it stood before.`,
        ),
        ...(left > 0 ? [notice('warning', `${left} were suggestions of an assistant and were left out.`)] : []),
        actions(
          button('Show timeline', 'timeline', { incident }),
          button('Its clock was off', 'timeline restamp', { incident, evidence: key }),
        ),
      ],
      'good',
    ),
  };
}

export const importCommand: Command = {
  name: 'timeline import',
  summary: 'Read an exported timeline back: CSV or JSON Lines, with comments and tags',
  args: [{ name: 'evidence', summary: 'Key such as EV-2; nothing for the form', isRequired: false }],
  examples: ['timeline import', 'timeline import EV-2'],
  effect: 'record',
  who: 'responder',
  needsIncident: true,
  isResumable: true,
  run: importTimeline,
};
