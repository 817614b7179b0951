// The real program, compiled, on a free port with a data folder of its own; killed the hard way when asked.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';

const MAIN = join(import.meta.dirname, '..', '..', 'dist', 'src', 'main.js');

/** The program running on its own folder. */
export interface Program {
  readonly address: string;
  /** What it printed so far, both streams. */
  readonly output: () => string;
  /** SIGKILL, as a power cut would; resolves when the process is gone. */
  kill(): Promise<void>;
  /** SIGTERM; the exit code. */
  terminate(): Promise<number | null>;
}

/** A data folder that programs are started on, one after another. */
export interface Ground {
  readonly folder: string;
  start(port?: number): Promise<Program>;
  passcode(person: string): string;
  remove(): void;
}

const gone = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve(child.exitCode);
    else child.once('exit', (code) => resolve(code));
  });

/** A fresh folder outside the checkout. */
export function createGround(): Ground {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-job-'));
  const organisation = join(folder, 'countersign.yml');
  return {
    folder,
    async start(port = 0) {
      const child = spawn(process.execPath, [MAIN], {
        env: {
          PATH: process.env['PATH'] ?? '',
          COUNTERSIGN_DATA: folder,
          COUNTERSIGN_ORGANISATION: organisation,
          COUNTERSIGN_PORT: String(port),
          COUNTERSIGN_LOG_LEVEL: 'warn',
        },
        cwd: join(import.meta.dirname, '..', '..'),
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let printed = '';
      const address = await new Promise<string>((resolve, reject) => {
        const read = (chunk: Buffer): void => {
          printed += chunk.toString('utf8');
          const found = /running at (http:\/\/127\.0\.0\.1:\d+)/.exec(printed)?.[1];
          if (found !== undefined) resolve(found);
        };
        child.stdout.on('data', read);
        child.stderr.on('data', read);
        child.once('exit', (code) => reject(new Error(`The program ended with ${code}:\n${printed}`)));
      });
      return {
        address,
        output: () => printed,
        async kill() {
          child.kill('SIGKILL');
          await gone(child);
        },
        async terminate() {
          child.kill('SIGTERM');
          return gone(child);
        },
      };
    },
    passcode(person) {
      const { people } = parse(readFileSync(organisation, 'utf8')) as { people: { key: string; passcode?: string }[] };
      return people.find((candidate) => candidate.key === person)?.passcode ?? '';
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
