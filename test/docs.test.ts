import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseCommand } from '../src/commands/parse.ts';
import { commands } from '../src/commands/registry.ts';
import { VERBS } from '../src/commands/types.ts';
import { settingsSchema } from '../src/config.ts';

const pages = (folder: string): string[] =>
  readdirSync(folder).flatMap((name) =>
    statSync(join(folder, name)).isDirectory()
      ? pages(join(folder, name))
      : name.endsWith('.md')
        ? [join(folder, name)]
        : [],
  );
const documents = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'playbooks/README.md',
  ...pages('docs'),
];

describe('the documents', () => {
  for (const page of documents) {
    it(`${page}: every link leads somewhere`, () => {
      const links = [
        ...readFileSync(page, 'utf8')
          .replace(/```[\s\S]*?```/g, '')
          .matchAll(/\]\(([^)\s]+)\)/g),
      ].map((m) => m[1] as string);
      const local = links.filter((l) => !/^(https?:|mailto:|#)/.test(l)).map((l) => l.replace(/#.*$/, ''));
      expect(local.filter((l) => !existsSync(join(dirname(page), decodeURIComponent(l))))).toEqual([]);
    });
  }

  it('the README names only npm scripts that exist', () => {
    const scripts = new Set(
      Object.keys((JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: object }).scripts),
    );
    const named = documents.flatMap((page) =>
      [...readFileSync(page, 'utf8').matchAll(/`npm run ([a-z:]+)|^npm run ([a-z:]+)/gm)].map(
        (m) => (m[1] ?? m[2]) as string,
      ),
    );
    expect(named.length).toBeGreaterThan(3);
    expect([...new Set(named)].filter((n) => !scripts.has(n))).toEqual([]);
  });

  it('every setting has its heading', () => {
    const text = readFileSync('docs/settings.md', 'utf8');
    expect(Object.keys(settingsSchema.shape).filter((name) => !text.includes(`## ${name}\n`))).toEqual([]);
  });

  it('every command that can be typed is in the reference, and every verb has its heading', () => {
    const text = readFileSync('docs/commands.md', 'utf8');
    expect(commands.filter((c) => !c.isHidden && !text.includes(`| \`${c.name}`)).map((c) => c.name)).toEqual([]);
    expect(VERBS.filter((v) => !text.includes(`## ${v}\n`))).toEqual([]);
  });
});

describe('the registry', () => {
  it('has each name once', () => {
    const names = commands.map((c) => c.name);
    expect(names.filter((n, i) => names.indexOf(n) !== i)).toEqual([]);
  });

  it('has eleven verbs, each of a name and description that every platform takes', () => {
    expect(VERBS).toHaveLength(11);
    expect(commands.filter((c) => c.name.length > 32 || c.summary.length > 128).map((c) => c.name)).toEqual([]);
  });

  it('every verb can be typed by itself', () => {
    expect(VERBS.filter((v) => !commands.some((c) => c.name === v && !c.isHidden))).toEqual([]);
  });

  for (const command of commands.filter((c) => !c.isHidden)) {
    it(`"${command.name}" has an example that is understood as that command`, () => {
      expect(command.examples.length).toBeGreaterThan(0);
      for (const example of command.examples) {
        const parsed = parseCommand(example, 'ir');
        expect(parsed.kind === 'parsed' ? parsed.command.name : parsed.message).toBe(command.name);
      }
    });
  }

  it('no sub-verb that works alone is the name of a verb, and each is unique', () => {
    const subs = commands.filter((c) => !c.isHidden && c.name.includes(' ')).map((c) => c.name.split(' ')[1] as string);
    for (const sub of new Set(subs)) {
      const parsed = parseCommand(sub, 'ir');
      const owners = commands.filter((c) => !c.isHidden && c.name.endsWith(` ${sub}`));
      if (owners.length === 1 && !commands.some((c) => c.name === sub))
        expect(parsed.kind === 'parsed' && parsed.command.name).toBe(owners[0]?.name);
    }
  });
});
