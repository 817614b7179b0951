import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRefusal } from '../../src/refusal.ts';
import {
  prepareSearch,
  type Search,
  type SearchEnd,
  type SearchHit,
  type SearchQuery,
  search,
} from '../../src/timeline/search.ts';
import { searchSource } from '../../src/timeline/search-source.ts';

function prepared(pattern: string, kind: SearchQuery['kind'] = 'literal', isCaseSensitive = true): Search {
  const made = prepareSearch({ kind, pattern, isCaseSensitive });
  if (isRefusal(made)) throw new Error(made.message);
  return made;
}

async function run(text: string | Uint8Array, query: Search, limit?: number) {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  const hits: SearchHit[] = [];
  let end: SearchEnd | undefined;
  for await (const answer of search([searchSource('EV-1', bytes)], query, limit === undefined ? {} : { limit })) {
    if (answer.kind === 'hit') hits.push(answer);
    else end = answer;
  }
  return { hits, end: end! };
}

describe('log find', () => {
  it('gives evidence, line and excerpt of every line, once a line', async () => {
    const { hits, end } = await run('one\ntwo foo foo\r\nthree\nfoo', prepared('foo'));
    expect(hits.map((h) => [h.evidence, h.line, h.byteStart, h.byteEnd])).toEqual([
      ['EV-1', 2, 4, 16],
      ['EV-1', 4, 23, 26],
    ]);
    expect(hits[0]!.excerpt).toEqual({ before: 'two ', match: 'foo', after: ' foo' });
    expect(end).toEqual({ kind: 'end', hits: 2, searchedBytes: 26, next: null });
  });

  it('goes through several sources and says where more is', async () => {
    const sources = ['a x\nb x\n', 'c x\nd x\n'].map((t, i) => searchSource(`EV-${i + 1}`, Buffer.from(t)));
    const answers = [];
    for await (const answer of search(sources, prepared('x'), { limit: 2 })) answers.push(answer);
    expect(answers.map((a) => a.kind)).toEqual(['hit', 'hit', 'end']);
    expect(answers.at(-1)).toMatchObject({ hits: 2, next: { evidence: 'EV-2', line: 1 } });
  });

  it.each<[string, SearchQuery, number[]]>([
    ['a literal with metacharacters', { kind: 'literal', pattern: 'a.*(b', isCaseSensitive: true }, [3]],
    ['a literal in any case', { kind: 'literal', pattern: 'GRÜSSE', isCaseSensitive: false }, [4]],
    ['an ASCII literal in any case', { kind: 'literal', pattern: 'X A.*(B', isCaseSensitive: false }, [3]],
    [
      'an ASCII literal by its part without letters',
      { kind: 'literal', pattern: 'OO 203.B', isCaseSensitive: false },
      [6],
    ],
    ['an anchored expression', { kind: 'regex', pattern: '^foo$', isCaseSensitive: true }, [1]],
    ['an expression in any case', { kind: 'regex', pattern: 'FOO\\b', isCaseSensitive: false }, [1, 2]],
    ['no match across a line break', { kind: 'regex', pattern: 'foo[^z]+a\\.', isCaseSensitive: true }, []],
    ['a match behind a false one across lines', { kind: 'regex', pattern: 'x[^z]*e', isCaseSensitive: true }, [5]],
  ])('finds %s', async (_, query, lines) => {
    const { hits } = await run(
      'foo\nfoo bar\nx a.*(b\nGrüße grüsse\nxe\n203. 203. bOo 203.b 203.',
      prepared(query.pattern, query.kind, query.isCaseSensitive),
    );
    expect(hits.map((h) => h.line)).toEqual(lines);
  });

  it.each<[SearchQuery, string]>([
    [{ kind: 'literal', pattern: '', isCaseSensitive: true }, 'Say what to look for'],
    [{ kind: 'regex', pattern: '(a', isCaseSensitive: true }, 'cannot be used: a bracket "(" is never closed'],
    [{ kind: 'regex', pattern: '(a)\\1', isCaseSensitive: true }, 'Backreferences do not exist here'],
    [{ kind: 'regex', pattern: 'a*', isCaseSensitive: true }, 'matches every line'],
    [{ kind: 'literal', pattern: 'a\nb', isCaseSensitive: true }, 'within one line'],
    [{ kind: 'regex', pattern: 'a'.repeat(1001), isCaseSensitive: true }, '1000 are the most'],
    [{ kind: 'regex', pattern: '((a{100}){100}){100}', isCaseSensitive: true }, 'cannot be used'],
  ])('refuses %o', (query, message) => {
    const refused = prepareSearch(query);
    expect(isRefusal(refused) && refused.message).toContain(message);
  });

  it('finds the same lines as the plain way, whatever the bytes and the slices', async () => {
    const line = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '.', ' '), maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 40 }), fc.integer({ min: 1, max: 64 }), async (lines, slice) => {
        const text = lines.join('\n');
        for (const [pattern, kind, plain] of [
          ['ab', 'literal', /ab/],
          ['é.', 'literal', /é\./],
          ['...A', 'any case', /\.\.\.a/],
          ['a+[^b]b', 'regex', /a+[^b]b/],
        ] as const) {
          const query = kind === 'any case' ? prepared(pattern, 'literal', false) : prepared(pattern, kind);
          const { hits } = await run(text, { ...query, slice });
          expect(hits.map((h) => h.line)).toEqual(lines.flatMap((l, i) => (plain.test(l) ? [i + 1] : [])));
        }
      }),
      { seed: 11, numRuns: 200 },
    );
  });

  it('finds what stands across the slices of one endless line', async () => {
    const bytes = Buffer.alloc(40 << 20, 'x');
    bytes.write('needle', (16 << 20) - 3);
    expect((await run(bytes, prepared('needle'))).hits).toMatchObject([{ line: 1, byteStart: 0, byteEnd: 40 << 20 }]);
    const { hits } = await run(bytes.subarray(14 << 20, 18 << 20), prepared('ne+dle', 'regex'));
    expect(hits).toHaveLength(1);
    expect(hits[0]!.excerpt.before.length).toBeLessThan(240);
  });

  it('answers patterns that make backtracking engines hang', async () => {
    const text = `${'a'.repeat(200_000)}!\n`.repeat(5);
    expect((await run(text, prepared('(a+)+$', 'regex'))).hits).toEqual([]);
    expect((await run(text, prepared('(a|aa)+\\?', 'regex'))).hits).toEqual([]);
  });

  it('reads invalid UTF-8 and NUL bytes', async () => {
    const bytes = Buffer.from([0xff, 0xfe, 0x00, 0x0a, 0x61, 0xff, 0x62, 0x0a]);
    expect((await run(bytes, prepared('b', 'regex'))).hits.map((h) => h.line)).toEqual([2]);
  });

  it('lets others run while it searches, and stops when told', async () => {
    const bytes = Buffer.alloc(64 << 20, 'some line of a log\n');
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    await run(bytes, prepared('nowhere|else', 'regex'));
    clearInterval(timer);
    expect(turns).toBeGreaterThan(1);
    const controller = new AbortController();
    setImmediate(() => controller.abort());
    const stopped = (async () => {
      for await (const _ of search([searchSource('EV-1', bytes)], prepared('[0-9]z', 'regex'), {
        signal: controller.signal,
      }));
    })();
    await expect(stopped).rejects.toThrow('abort');
  });
});
