import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

interface Source {
  readonly path: string;
  readonly text: string;
  /** Paths of this tree it imports, types included. */
  readonly imports: readonly string[];
  /** Paths it imports for more than their types. */
  readonly valueImports: readonly string[];
  readonly packages: readonly string[];
}

const walk = (folder: string): string[] =>
  readdirSync(folder).flatMap((name) =>
    statSync(join(folder, name)).isDirectory() ? walk(join(folder, name)) : [join(folder, name)],
  );

const IMPORT = /^(?:import|export)\s+(type\s+)?(?:[^'"]*?from\s+)?['"]([^'"]+)['"]/gm;

const sources: readonly Source[] = ['src', 'adapters']
  .flatMap(walk)
  .filter((p) => /\.tsx?$/.test(p))
  .map((path) => {
    const text = readFileSync(path, 'utf8');
    const found = [...text.matchAll(IMPORT)].map((m) => ({ isType: m[1] !== undefined, from: m[2] as string }));
    const local = (isTypeToo: boolean) =>
      found
        .filter((f) => f.from.startsWith('.') && (isTypeToo || !f.isType))
        .map((f) => normalize(join(dirname(path), f.from)));
    return {
      path,
      text,
      imports: local(true),
      valueImports: local(false),
      packages: found.filter((f) => !f.from.startsWith('.')).map((f) => f.from),
    };
  });

const under = (folder: string) => sources.filter((s) => s.path.startsWith(`${folder}/`));
const brief = (pairs: readonly string[]): string => pairs.join('\n');

describe('the rules of ARCHITECTURE.md', () => {
  it('adapters that talk to people import the chat port, views and commands, and nothing else of src', () => {
    const wrong = ['web', 'slack', 'teams']
      .flatMap((a) => under(`adapters/${a}`))
      .flatMap((s) =>
        s.imports
          .filter((i) => i.startsWith('src/') && !/^src\/(?:(?:chat|view|commands)\/|adapter\.ts$)/.test(i))
          .map((i) => `${s.path} imports ${i}`),
      );
    expect(brief(wrong)).toBe('');
  });

  it('src imports adapters in main.ts alone', () => {
    const wrong = under('src')
      .filter((s) => s.path !== 'src/main.ts')
      .flatMap((s) => s.imports.filter((i) => i.startsWith('adapters/')).map((i) => `${s.path} imports ${i}`));
    expect(brief(wrong)).toBe('');
  });

  it('decide, evolve and view have no clock, no randomness and no input or output', () => {
    const pure = under('src').filter((s) => /\/(decide|evolve|view)\.ts$/.test(s.path));
    expect(pure.length).toBeGreaterThan(8);
    const wrong = pure.flatMap((s) => [
      ...s.packages.filter((p) => /^node:(?!crypto$)|pino|better-sqlite3/.test(p)).map((p) => `${s.path} imports ${p}`),
      ...(/\bDate\.now\(|new Date\(\)|Math\.random\(|performance\.now\(|randomBytes|randomUUID/.test(s.text)
        ? [`${s.path} uses a clock or randomness`]
        : []),
    ]);
    expect(brief(wrong)).toBe('');
  });

  it('process.env is read in config.ts alone', () => {
    expect(
      brief(sources.filter((s) => s.path !== 'src/config.ts' && /process\.env/.test(s.text)).map((s) => s.path)),
    ).toBe('');
  });

  it('the clock is made in main.ts, and in the one-shot programs of the terminal', () => {
    const allowed = /^(src\/main\.ts|adapters\/terminal\/|adapters\/web\/client\/)/;
    expect(
      brief(
        sources.filter((s) => !allowed.test(s.path) && /\bDate\.now\b|new Date\(\)/.test(s.text)).map((s) => s.path),
      ),
    ).toBe('');
  });

  it('each SDK has one importing folder', () => {
    const homes: Readonly<Record<string, string>> = {
      '@slack/bolt': 'adapters/slack',
      '@slack/web-api': 'adapters/slack',
      botbuilder: 'adapters/teams',
      'botframework-connector': 'adapters/teams',
      '@azure/msal-node': 'adapters/teams',
      openai: 'src/assist',
      'node-cron': 'src/schedule',
      'better-sqlite3': 'src/store',
    };
    const wrong = sources.flatMap((s) =>
      s.packages.filter((p) => homes[p] && !s.path.startsWith(homes[p])).map((p) => `${s.path} imports ${p}`),
    );
    expect(brief(wrong)).toBe('');
  });

  it('past F9: no adapter can make a file public', () => {
    const calls = /sharedPublicURL|permalink_public|public_url_shared|createLink|anonymous.{0,20}link/i;
    const adapters = under('adapters');
    expect(adapters.length).toBeGreaterThan(30);
    expect(brief(adapters.filter((s) => calls.test(s.text)).map((s) => s.path))).toBe('');
  });

  it('nothing imports in a circle', () => {
    const graph = new Map(sources.map((s) => [s.path, s.valueImports]));
    const done = new Set<string>();
    const circles: string[] = [];
    const visit = (path: string, trail: readonly string[]): void => {
      if (trail.includes(path)) {
        circles.push([...trail.slice(trail.indexOf(path)), path].join(' -> '));
        return;
      }
      if (done.has(path)) return;
      for (const next of graph.get(path) ?? []) visit(next, [...trail, path]);
      done.add(path);
    };
    for (const path of graph.keys()) visit(path, []);
    expect(brief(circles)).toBe('');
  });

  it('no source file is longer than 400 lines', () => {
    expect(
      brief(
        sources.filter((s) => s.text.split('\n').length > 401).map((s) => `${s.path} ${s.text.split('\n').length}`),
      ),
    ).toBe('');
  });

  it('file names are kebab-case and there are no default exports', () => {
    expect(
      brief(
        sources
          .filter((s) => !/^[a-z0-9.-]+$/.test(relative(dirname(s.path), s.path)) || /^export default/m.test(s.text))
          .map((s) => s.path),
      ),
    ).toBe('');
  });
});
