// Writes a small .evtx file after the published description of the format (libevtx, "Windows XML Event Log"): one chunk, one
// template that all records share, values as substitutions.
import { crc32 } from 'node:zlib';

const CHUNK = 0x10000;
const FIRST_RECORD = 0x200;
const NO_DEPENDENCY = 0xffff;

export interface SampleEvent {
  readonly id: number;
  readonly at: string;
  readonly computer: string;
  readonly channel: string;
  readonly provider: string;
  readonly data: Readonly<Record<string, string>>;
}

class Bytes {
  readonly parts: number[] = [];
  u8 = (...values: number[]) => this.parts.push(...values);
  u16 = (value: number) => this.u8(value & 0xff, (value >>> 8) & 0xff);
  u32 = (value: number) => {
    this.u16(value & 0xffff);
    this.u16((value >>> 16) & 0xffff);
  };
  u64 = (value: bigint) => {
    this.u32(Number(value & 0xffffffffn));
    this.u32(Number((value >> 32n) & 0xffffffffn));
  };
  utf16 = (text: string) => this.u8(...Buffer.from(text, 'utf16le'));
  patch32 = (at: number, value: number) => {
    const four = new Bytes();
    four.u32(value);
    this.parts.splice(at, 4, ...four.parts);
  };
}

const STRING = 0x01;
const U16 = 0x06;
const FILETIME = 0x11;
const BINARY_XML = 0x21;

/** Writes one binary XML name at the current place: its own offset in the chunk, then the name itself. */
function name(out: Bytes, base: number, text: string): void {
  out.u32(base + out.parts.length + 4);
  out.u32(0);
  out.u16(0);
  out.u16(text.length);
  out.utf16(text);
  out.u16(0);
}

interface Node {
  readonly tag: string;
  readonly attributes?: Readonly<Record<string, string | number>>;
  readonly children?: readonly (Node | number)[];
}

// Strings are constants, numbers the index of a substitution with its type.
function element(out: Bytes, base: number, node: Node, types: readonly number[]): void {
  const attributes = Object.entries(node.attributes ?? {});
  out.u8(attributes.length ? 0x41 : 0x01);
  out.u16(NO_DEPENDENCY);
  const sizeAt = out.parts.length;
  out.u32(0);
  name(out, base, node.tag);
  if (attributes.length) {
    const listAt = out.parts.length;
    out.u32(0);
    attributes.forEach(([key, value], i) => {
      out.u8(i < attributes.length - 1 ? 0x46 : 0x06);
      name(out, base, key);
      if (typeof value === 'number') substitution(out, value, types);
      else {
        out.u8(0x05, STRING);
        out.u16(value.length);
        out.utf16(value);
      }
    });
    out.patch32(listAt, out.parts.length - listAt - 4);
  }
  const children = node.children ?? [];
  if (children.length === 0) out.u8(0x03);
  else {
    out.u8(0x02);
    for (const child of children) {
      if (typeof child === 'number') substitution(out, child, types);
      else element(out, base, child, types);
    }
    out.u8(0x04);
  }
  out.patch32(sizeAt, out.parts.length - sizeAt - 4);
}

function substitution(out: Bytes, index: number, types: readonly number[]): void {
  out.u8(0x0e);
  out.u16(index);
  out.u8(types[index]!);
}

const PADDING = 12;
const SYSTEM_TYPES = [U16, FILETIME, STRING, STRING, STRING, BINARY_XML, ...Array(PADDING).fill(STRING)];
const SYSTEM: Node = {
  tag: 'Event',
  attributes: { xmlns: 'http://schemas.microsoft.com/win/2004/08/events/event' },
  children: [
    {
      tag: 'System',
      children: [
        { tag: 'Provider', attributes: { Name: 4, Guid: 6 } },
        { tag: 'EventID', children: [0] },
        { tag: 'TimeCreated', attributes: { SystemTime: 1 } },
        { tag: 'Channel', children: [3] },
        { tag: 'Computer', children: [2] },
      ],
    },
    5,
  ],
};

/** The bytes of an event log with these events, which share the names of their data: as Windows writes it, the event's data are a template of their own within a value of the outer one. */
export function evtxFile(events: readonly SampleEvent[]): Buffer {
  const keys = Object.keys(events[0]!.data);
  const dataTypes = keys.map(() => STRING);
  const data: Node = {
    tag: 'EventData',
    children: keys.map((key, i) => ({ tag: 'Data', attributes: { Name: key }, children: [i] })),
  };
  const chunk = Buffer.alloc(CHUNK);
  let at = FIRST_RECORD;
  const places = { system: 0, data: 0 };
  let lastRecordAt = at;
  events.forEach((event, i) => {
    const record = new Bytes();
    const filetime = (BigInt(Date.parse(event.at)) + 11_644_473_600_000n) * 10_000n;
    record.u32(0x2a2a);
    record.u32(0);
    record.u64(BigInt(i + 1));
    record.u64(filetime);
    const nested = (base: number) => {
      const out = new Bytes();
      const where = instance(out, base, data, dataTypes, i === 0 ? null : places.data);
      values(
        out,
        base,
        dataTypes,
        keys.map((k) => event.data[k]!),
      );
      return { out, where };
    };
    places.system = instance(record, at, SYSTEM, SYSTEM_TYPES, i === 0 ? null : places.system);
    const all = [
      event.id,
      filetime,
      event.computer,
      event.channel,
      event.provider,
      (base: number) => nested(base).out,
      ...Array(PADDING).fill(''),
    ];
    const nestedAt = values(record, at, SYSTEM_TYPES, all);
    if (i === 0) places.data = nested(nestedAt).where;
    record.u32(0);
    record.patch32(4, record.parts.length);
    record.patch32(record.parts.length - 4, record.parts.length);
    lastRecordAt = at;
    Buffer.from(record.parts).copy(chunk, at);
    at += record.parts.length;
  });
  chunkHeader(chunk, events.length, lastRecordAt, at, places.system);
  return Buffer.concat([fileHeader(events.length), chunk]);
}

/** Starts a fragment that is one template instance, with the template's definition when it stands nowhere yet; gives where that is. */
function instance(out: Bytes, base: number, node: Node, types: readonly number[], known: number | null): number {
  out.u8(0x0f, 1, 1, 0, 0x0c, 1);
  out.u32(1);
  const place = known ?? base + out.parts.length + 4;
  out.u32(place);
  if (known !== null) return place;
  out.u32(0);
  out.u8(...Buffer.alloc(16, 7));
  const sizeAt = out.parts.length;
  out.u32(0);
  out.u8(0x0f, 1, 1, 0);
  element(out, base, node, types);
  out.u8(0);
  out.patch32(sizeAt, out.parts.length - sizeAt - 4);
  return place;
}

type Written = number | bigint | string | ((base: number) => Bytes);

/** Writes the values of an instance; gives where the nested fragment among them stands. */
function values(out: Bytes, base: number, types: readonly number[], all: readonly Written[]): number {
  out.u32(all.length);
  all.forEach((value, i) => {
    out.u16(
      typeof value === 'string'
        ? value.length * 2
        : typeof value === 'bigint'
          ? 8
          : typeof value === 'number'
            ? 2
            : value(0).parts.length,
    );
    out.u8(types[i]!, 0);
  });
  let nestedAt = 0;
  for (const value of all) {
    if (typeof value === 'string') out.utf16(value);
    else if (typeof value === 'bigint') out.u64(value);
    else if (typeof value === 'number') out.u16(value);
    else {
      nestedAt = base + out.parts.length;
      out.u8(...value(nestedAt).parts);
    }
  }
  return nestedAt;
}

function chunkHeader(chunk: Buffer, records: number, lastRecordAt: number, end: number, templateAt: number): void {
  chunk.write('ElfChnk\0', 'latin1');
  for (const [offset, value] of [
    [8, 1],
    [16, records],
    [24, 1],
    [32, records],
  ] as const)
    chunk.writeBigUInt64LE(BigInt(value), offset);
  chunk.writeUInt32LE(128, 0x28);
  chunk.writeUInt32LE(lastRecordAt, 0x2c);
  chunk.writeUInt32LE(end, 0x30);
  chunk.writeUInt32LE(crc32(chunk.subarray(FIRST_RECORD, end)), 0x34);
  chunk.writeUInt32LE(templateAt, 0x180);
  chunk.writeUInt32LE(crc32(Buffer.concat([chunk.subarray(0, 0x78), chunk.subarray(0x80, 0x200)])), 0x7c);
}

function fileHeader(records: number): Buffer {
  const header = Buffer.alloc(0x1000);
  header.write('ElfFile\0', 'latin1');
  header.writeBigUInt64LE(BigInt(records + 1), 0x18);
  header.writeUInt32LE(128, 0x20);
  header.writeUInt16LE(1, 0x24);
  header.writeUInt16LE(3, 0x26);
  header.writeUInt16LE(0x1000, 0x28);
  header.writeUInt16LE(1, 0x2a);
  header.writeUInt32LE(crc32(header.subarray(0, 0x78)), 0x7c);
  return header;
}
