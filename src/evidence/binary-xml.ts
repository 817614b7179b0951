// Windows binary XML as event logs hold it, written out as text. After the public description of the format in libevtx
// ("Windows XML Event Log (EVTX) format", sections 4 and 5). Offsets are relative to the 64 KiB chunk; every read is bounded
// by it, and every record by a budget of steps, since templates may point anywhere.
import { type Value, valueText } from './binary-xml-value.ts';

const MOST_STEPS = 100_000;
const DEEPEST = 24;
const MORE = 0x40;
const TEMPLATE_HEADER = 24;

/** A broken place in the binary XML; the record around it cannot be trusted. */
class BinaryXmlError extends Error {}

interface Context {
  readonly chunk: Buffer;
  readonly values: readonly Value[];
  /** Elements straight within a value carry no dependency identifier. */
  readonly isValue: boolean;
  readonly depth: number;
  readonly budget: { steps: number };
}

/** Writes the fragment at [start, end) of a chunk as XML on one line; throws BinaryXmlError or RangeError when it is damaged. */
export function binaryXmlText(chunk: Buffer, start: number, end: number): string {
  const context = { chunk, values: [], isValue: false, depth: 0, budget: { steps: 0 } };
  return new Fragment(context, start, end).content();
}

/** Reads one run of tokens from front to back. */
class Fragment {
  private readonly context: Context;
  private readonly end: number;
  private at: number;

  constructor(context: Context, at: number, end: number) {
    if (context.depth > DEEPEST) throw new BinaryXmlError('nested too deeply');
    if (at < 0 || end > context.chunk.length || at > end) throw new BinaryXmlError('points outside its chunk');
    this.context = context;
    this.at = at;
    this.end = end;
  }

  /** Everything up to the end of the element or of the fragment. */
  content(): string {
    let out = '';
    while (this.at < this.end) {
      const token = this.token();
      switch (token & ~MORE) {
        case 0x00:
        case 0x04:
          return out;
        case 0x01:
          out += this.element((token & MORE) !== 0);
          break;
        case 0x0c:
          out += this.template();
          // A template instance is the whole of its fragment; what follows are its values.
          return out;
        case 0x0f:
          this.at += 3;
          break;
        case 0x0a:
          this.name();
          break;
        case 0x0b:
          this.counted();
          break;
        default:
          out += this.text(token) ?? '';
      }
    }
    return out;
  }

  private token(): number {
    if (++this.context.budget.steps > MOST_STEPS) throw new BinaryXmlError('takes too many steps');
    return this.u8();
  }

  private u8(): number {
    if (this.at >= this.end) throw new BinaryXmlError('ends too early');
    return this.context.chunk.readUInt8(this.at++);
  }

  private u16(): number {
    this.at += 2;
    return this.context.chunk.readUInt16LE(this.at - 2);
  }

  private u32(): number {
    this.at += 4;
    return this.context.chunk.readUInt32LE(this.at - 4);
  }

  private counted(): string {
    const bytes = this.u16() * 2;
    this.at += bytes;
    if (this.at > this.end) throw new BinaryXmlError('a text ends too late');
    return this.context.chunk.toString('utf16le', this.at - bytes, this.at);
  }

  // Names stand once in a chunk, at the first place that uses them.
  private name(): string {
    const { chunk } = this.context;
    const offset = this.u32();
    const bytes = chunk.readUInt16LE(offset + 6) * 2;
    if (offset === this.at) this.at += 8 + bytes + 2;
    const name = chunk.toString('utf16le', offset + 8, offset + 8 + bytes);
    if (!/^[\p{L}_][\p{L}\p{N}_.:-]{0,255}$/u.test(name))
      throw new BinaryXmlError('has a name that XML does not allow');
    return name;
  }

  private element(hasAttributes: boolean): string {
    if (!this.context.isValue) this.at += 2;
    this.at += 4;
    const tag = this.name();
    let open = `<${tag}`;
    if (hasAttributes) {
      this.at += 4;
      while (this.at < this.end && (this.peek() & ~MORE) === 0x06) open += this.attribute();
    }
    const token = this.token();
    if (token === 0x03) return `${open}/>`;
    if (token !== 0x02) throw new BinaryXmlError('an element is not closed');
    const inner = new Fragment({ ...this.context, depth: this.context.depth + 1 }, this.at, this.end);
    const content = inner.content();
    this.at = inner.at;
    return content === '' ? `${open}/>` : `${open}>${content}</${tag}>`;
  }

  private attribute(): string {
    this.token();
    const name = this.name();
    let value: string | null = null;
    while (this.at < this.end && ![0x01, 0x02, 0x03, 0x06].includes(this.peek() & ~MORE)) {
      const part = this.text(this.token());
      if (part !== null) value = (value ?? '') + part;
    }
    return value === null ? '' : ` ${name}="${value}"`;
  }

  private peek(): number {
    return this.context.chunk.readUInt8(this.at);
  }

  /** The text of a token that stands for text; null for an optional value that is absent. */
  private text(token: number): string | null {
    switch (token & ~MORE) {
      case 0x05:
        this.at += 1;
        return escapeXml(this.counted());
      case 0x07:
        return escapeXml(this.counted());
      case 0x08:
        return `&#${this.u16()};`;
      case 0x09:
        return `&${this.name()};`;
      case 0x0d:
      case 0x0e:
        return this.substitution((token & ~MORE) === 0x0e);
    }
    throw new BinaryXmlError(`has an unknown token ${token}`);
  }

  private substitution(isOptional: boolean): string | null {
    const value = this.context.values[this.u16()];
    this.at += 1;
    if (!value || value.type === 0 || value.size === 0) return isOptional ? null : '';
    const { chunk } = this.context;
    if (value.type !== 0x21) return escapeXml(valueText(chunk, value));
    const context = { ...this.context, values: [], isValue: true, depth: this.context.depth + 1 };
    return new Fragment(context, value.at, value.at + value.size).content();
  }

  private template(): string {
    const { chunk } = this.context;
    this.at += 5;
    const offset = this.u32();
    const size = chunk.readUInt32LE(offset + TEMPLATE_HEADER - 4);
    if (offset === this.at) this.at += TEMPLATE_HEADER + size;
    const context = { ...this.context, values: this.values(), isValue: false, depth: this.context.depth + 1 };
    return new Fragment(context, offset + TEMPLATE_HEADER, offset + TEMPLATE_HEADER + size).content();
  }

  private values(): Value[] {
    const count = this.u32();
    if (count * 4 > this.end - this.at) throw new BinaryXmlError('names more values than it can hold');
    let at = this.at + count * 4;
    const values: Value[] = [];
    for (let i = 0; i < count; i++) {
      const size = this.u16();
      const type = this.u8();
      this.at += 1;
      values.push({ type, at, size });
      at += size;
    }
    if (at > this.end) throw new BinaryXmlError('a value ends too late');
    this.at = at;
    return values;
  }
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
  '\r': '&#13;',
  '\t': '&#9;',
};

/** Escapes text for XML content and attributes on one line; characters that XML cannot hold become U+FFFD. */
function escapeXml(text: string): string {
  return text.replace(/[&<>"\n\r\t]/g, (c) => ENTITIES[c]!).replace(/[\u0000-\u001f\ufffe\uffff\p{Cs}]/gu, '\ufffd');
}
