// The typed values of Windows binary XML, written as Event Viewer's XML view writes them.

/** Where a value stands in its chunk. Types with 0x80 set are arrays. */
export interface Value {
  readonly type: number;
  readonly at: number;
  readonly size: number;
}

const FILETIME_UNIX_EPOCH = 116_444_736_000_000_000n;
const ARRAY = 0x80;
const FIXED_SIZES: Readonly<Record<number, number>> = {
  3: 1,
  4: 1,
  5: 2,
  6: 2,
  7: 4,
  8: 4,
  9: 8,
  10: 8,
  11: 4,
  12: 8,
  13: 4,
  15: 16,
  17: 8,
  18: 16,
  20: 4,
  21: 8,
};

/** The text of a value, not escaped; throws RangeError when it reaches outside its chunk. */
export function valueText(chunk: Buffer, value: Value): string {
  const bytes = chunk.subarray(value.at, value.at + value.size);
  if (bytes.length < value.size) throw new RangeError('a value ends too late');
  return value.type & ARRAY ? arrayText(bytes, value.type & ~ARRAY) : scalarText(bytes, value.type);
}

function arrayText(bytes: Buffer, type: number): string {
  if (type === 1) return withoutNul(bytes.toString('utf16le')).split('\0').join(', ');
  const size = FIXED_SIZES[type];
  if (size === undefined) return hex(bytes);
  const items: string[] = [];
  for (let at = 0; at + size <= bytes.length; at += size) items.push(scalarText(bytes.subarray(at, at + size), type));
  return items.join(', ');
}

function scalarText(bytes: Buffer, type: number): string {
  switch (type) {
    case 1:
      return withoutNul(bytes.toString('utf16le'));
    case 2:
      return withoutNul(bytes.toString('latin1'));
    case 3:
      return String(bytes.readInt8());
    case 4:
      return String(bytes.readUInt8());
    case 5:
      return String(bytes.readInt16LE());
    case 6:
      return String(bytes.readUInt16LE());
    case 7:
      return String(bytes.readInt32LE());
    case 8:
      return String(bytes.readUInt32LE());
    case 9:
      return String(bytes.readBigInt64LE());
    case 10:
      return String(bytes.readBigUInt64LE());
    case 11:
      return String(bytes.readFloatLE());
    case 12:
      return String(bytes.readDoubleLE());
    case 13:
      return bytes.readUInt32LE() ? 'true' : 'false';
    case 15:
      return guid(bytes);
    case 16:
    case 20:
    case 21:
      return `0x${(bytes.length >= 8 ? bytes.readBigUInt64LE() : BigInt(bytes.readUInt32LE())).toString(16)}`;
    case 17:
      return filetime(bytes.readBigUInt64LE());
    case 18:
      return systemTime(bytes);
    case 19:
      return sid(bytes);
  }
  return hex(bytes);
}

const withoutNul = (text: string) => text.replace(/\0+$/, '');
const hex = (bytes: Buffer) => bytes.toString('hex').toUpperCase();

function filetime(ticks: bigint): string {
  const since = ticks - FILETIME_UNIX_EPOCH;
  const ms = since / 10_000n;
  const date = new Date(Number(ms));
  if (Number.isNaN(date.getTime())) return String(ticks);
  const rest = ((since % 10_000n) + 10_000n) % 10_000n;
  return `${date.toISOString().slice(0, -1)}${String(rest).padStart(4, '0')}Z`;
}

function systemTime(bytes: Buffer): string {
  const [year, month, , day, hour, minute, second, ms] = Array.from({ length: 8 }, (_, i) =>
    bytes.readUInt16LE(i * 2),
  ) as [number, number, number, number, number, number, number, number];
  const two = (n: number) => String(n).padStart(2, '0');
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}.${String(ms).padStart(3, '0')}Z`;
}

function guid(bytes: Buffer): string {
  const digits = [
    bytes.subarray(0, 4).toReversed(),
    bytes.subarray(4, 6).toReversed(),
    bytes.subarray(6, 8).toReversed(),
    bytes.subarray(8, 10),
    bytes.subarray(10, 16),
  ];
  return `{${digits.map((part) => hex(Buffer.from(part))).join('-')}}`;
}

function sid(bytes: Buffer): string {
  const authority = bytes.readUIntBE(2, 6);
  const parts = Array.from({ length: bytes.readUInt8(1) }, (_, i) => bytes.readUInt32LE(8 + 4 * i));
  return `S-${[bytes.readUInt8(0), authority, ...parts].join('-')}`;
}
