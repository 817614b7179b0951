// Binary Windows event logs: one <Event> a line, as `wevtutil qe` prints them, which the engine reads like any other paste.
import { EvtxFile } from '@ts-evtx/core';
import { type Refusal, refuse } from '../refusal.ts';

const MAGIC = Buffer.from('ElfFile\0', 'latin1');
const LONGEST_READ_MS = 120_000;

/** The records as text and how many could not be decoded; each of those is an XML comment in its place. */
export interface EvtxRead {
  readonly xmlLines: Buffer;
  readonly records: number;
  readonly undecoded: number;
}

/** Whether bytes begin like an .evtx file. */
export function isEvtx(bytes: Uint8Array): boolean {
  return bytes.length >= MAGIC.length && MAGIC.every((byte, i) => bytes[i] === byte);
}

/** Decodes an .evtx file, letting others run between its 64 KiB chunks; refuses what is damaged, or gives more than `maxBytes`, with what to do. */
export async function readEvtx(bytes: Uint8Array, maxBytes: number): Promise<EvtxRead | Refusal<'not-readable'>> {
  const startedAt = performance.now();
  const lines: string[] = [];
  let records = 0;
  let undecoded = 0;
  let size = 0;
  try {
    const file = new EvtxFile(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    for (const chunk of file.chunks()) {
      await new Promise(setImmediate);
      for (const record of chunk.records()) {
        records += 1;
        const line = lineOf(record);
        if (line.startsWith('<!--')) undecoded += 1;
        size += line.length;
        lines.push(line);
        if (size > maxBytes || performance.now() - startedAt > LONGEST_READ_MS) {
          return refuse(
            'not-readable',
            'the event log is too big to decode here. Export the hours that matter with wevtutil or Event Viewer.',
          );
        }
      }
    }
  } catch {
    return refuse('not-readable', DAMAGED);
  }
  if (records === undecoded) return refuse('not-readable', records === 0 ? 'the event log holds no records.' : DAMAGED);
  return { xmlLines: Buffer.from(`${lines.join('\n')}\n`, 'utf8'), records, undecoded };
}

const DAMAGED = 'the event log is damaged. Export it as XML with: wevtutil qe FILE.evtx /lf:true /f:xml > FILE.xml';

function lineOf(record: { readonly renderXml: () => string; readonly recordNum: () => bigint }): string {
  try {
    const xml = record.renderXml().trim();
    if (xml.startsWith('<Event') && xml !== '<Event/>')
      return xml.replace(/>\s*\n\s*</g, '><').replace(/\r?\n/g, '&#10;');
  } catch {
    // Said in its place below: a record is never left out in silence.
  }
  return `<!-- event record ${record.recordNum()} could not be decoded -->`;
}
