import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalBytes, leafHash, sanitise, sha256Hex } from '../../src/audit/canonical.ts';
import { AuditError } from '../../src/audit/errors.ts';

const text = (value: unknown) => new TextDecoder().decode(canonicalBytes(value));
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof AuditError && error.code === 'not-canonical') return error.message;
    throw error;
  }
  throw new Error('accepted');
}

describe('canonical bytes', () => {
  // RFC 8785 section 3.2.2 and 3.2.4: the worked example and its bytes.
  it('equal the worked example of RFC 8785 byte for byte', () => {
    const input = JSON.parse(String.raw`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`);
    expect(hex(canonicalBytes(input))).toBe(
      '7b226c69746572616c73223a5b6e756c6c2c747275652c66616c73655d2c226e756d62657273223a5b3333333333333333332e333333333333332c31652b33302c342e352c302e3030322c31652d32375d2c22737472696e67223a22e282ac245c75303030665c6e4127425c225c5c5c5c5c222f227d',
    );
  });

  // RFC 8785 section 3.2.3: keys sort by UTF-16 code units, so U+1F600 comes before U+FB33.
  it('sort keys by UTF-16 code units', () => {
    const input = JSON.parse(
      String.raw`{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}`,
    );
    expect(Object.values(JSON.parse(text(input)))).toEqual([
      'One',
      'Carriage Return',
      ...[
        'Control',
        'Latin Small Letter O With Diaeresis',
        'Euro Sign',
        'Emoji: Grinning Face',
        'Hebrew Letter Dalet With Dagesh',
      ],
    ]);
  });

  // cyberphone/json-canonicalization, testdata: structures, french, weird, values (shortened).
  it.each([
    [
      'structures',
      String.raw`{"1":{"f":{"f":"hi","F":5},"\n":56.0},"10":{},"":"empty","a":{},"111":[{"e":"yes","E":"no"}],"A":{}}`,
      String.raw`{"":"empty","1":{"\n":56,"f":{"F":5,"f":"hi"}},"10":{},"111":[{"E":"no","e":"yes"}],"A":{},"a":{}}`,
    ],
    [
      'french',
      '{"peach":"This sorting order","péché":"is wrong according to French","pêche":"but canonicalization MUST","sin":"ignore locale"}',
      '{"peach":"This sorting order","péché":"is wrong according to French","pêche":"but canonicalization MUST","sin":"ignore locale"}',
    ],
    ['unicode is not normalised', String.raw`{"Unnormalized Unicode":"A\u030a"}`, '{"Unnormalized Unicode":"A\u030a"}'],
    ['arrays', '[56,{"d":true,"10":null,"1":[]}]', '[56,{"1":[],"10":null,"d":true}]'],
  ])('equal the public vector: %s', (_name, input, output) => {
    expect(text(JSON.parse(input))).toBe(output);
  });

  // RFC 8785 appendix B: IEEE 754 bits and the number text.
  it.each([
    ['0000000000000000', '0'],
    ['8000000000000000', '0'],
    ['0000000000000001', '5e-324'],
    ['8000000000000001', '-5e-324'],
    ['7fefffffffffffff', '1.7976931348623157e+308'],
    ['4340000000000000', '9007199254740992'],
    ['4430000000000000', '295147905179352830000'],
    ['44b52d02c7e14af5', '9.999999999999997e+22'],
    ['44b52d02c7e14af6', '1e+23'],
    ['444b1ae4d6e2ef4e', '999999999999999700000'],
    ['444b1ae4d6e2ef50', '1e+21'],
    ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
    ['3eb0c6f7a0b5ed8d', '0.000001'],
    ['41b3de4355555553', '333333333.3333332'],
    ['41b3de4355555557', '333333333.33333343'],
    ['becbf647612f3696', '-0.0000033333333333333333'],
    ['43143ff3c1cb0959', '1424953923781206.2'],
  ])('write the double %s as %s', (bits, expected) => {
    expect(text(Buffer.from(bits, 'hex').readDoubleBE())).toBe(expected);
  });

  it.each([
    ['NaN', { a: Number.NaN }, '$.a is NaN'],
    ['Infinity', [1, Number.POSITIVE_INFINITY], '$[1] is Infinity'],
    ['a lone surrogate in a value', { log: ['x\ud800y'] }, '$.log[0] contains a lone surrogate'],
    ['a lone surrogate in a key', { '\udc00': 1 }, 'lone surrogate'],
    ['BigInt', { n: 1n }, '$.n is bigint'],
    ['undefined in an array', [undefined], '$[0] is undefined'],
    ['a hole in an array', new Array(1), '$[0] is undefined'],
    ['undefined itself', undefined, '$ is undefined'],
    ['a function', { f: () => 1 }, '$.f is function'],
    ['a symbol', { s: Symbol('x') }, '$.s is symbol'],
    ['a date', { at: new Date(0) }, '$.at is not a plain object'],
    ['a map', new Map(), 'not a plain object'],
    ['a toJSON that would answer something else', { toJSON: () => 1 }, '$.toJSON is function'],
  ])('refuse %s and name the place', (_name, value, place) => {
    expect(refusal(() => canonicalBytes(value))).toContain(place);
  });

  it('refuse a cycle and deep nesting instead of running out of stack', () => {
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    expect(refusal(() => canonicalBytes(cycle))).toContain('nested');
    expect(refusal(() => sanitise(JSON.parse('['.repeat(5000) + ']'.repeat(5000))))).toContain('nested');
  });

  it('abuse C8: are the same whatever order the keys came in, and stable when read back', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (raw) => {
        const value = sanitise(raw);
        const bytes = canonicalBytes(value);
        const back = JSON.parse(new TextDecoder().decode(bytes));
        expect(hex(canonicalBytes(back))).toBe(hex(bytes));
        if (back !== null && typeof back === 'object' && !Array.isArray(back)) {
          expect(hex(canonicalBytes(Object.fromEntries(Object.entries(back).reverse())))).toBe(hex(bytes));
        }
      }),
    );
  });
});

describe('sanitise', () => {
  it('abuse C9: any text becomes canonical, well-formed text unchanged', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.string({ unit: 'binary' }),
            fc.integer({ min: 0, max: 0xffff }).map((c) => String.fromCharCode(c)),
          ),
        ),
        (parts) => {
          const raw = { line: parts.join(''), [parts.join('')]: 1 };
          expect(() => canonicalBytes(sanitise(raw))).not.toThrow();
        },
      ),
    );
    const fine = { a: '😀 €', b: [1, null, { c: true }] };
    expect(sanitise(fine)).toEqual(fine);
    expect(sanitise('a\ud83d\ude00\ud83d')).toBe('a😀\ufffd');
  });

  it('drops undefined properties, keeps array positions, and loses no key to a collision', () => {
    expect(sanitise({ a: undefined, b: [1, undefined, 2] })).toEqual({ b: [1, null, 2] });
    expect(Object.values(sanitise({ '\ud800': 1, '\ud801': 2, '\ufffd': 3 })).sort()).toEqual([1, 2, 3]);
  });

  it('keeps a key called __proto__ as data', () => {
    const value = sanitise(JSON.parse('{"__proto__":{"admin":true}}'));
    expect(text(value)).toBe('{"__proto__":{"admin":true}}');
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });
});

describe('hashes', () => {
  // RFC 6962 reference: leaf hash of the empty entry.
  it('prefix a leaf with 0x00', () => {
    expect(hex(leafHash(new Uint8Array()))).toBe('6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d');
    expect(sha256Hex('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });
});
