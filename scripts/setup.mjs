// Brings a clean checkout to a runnable one, and does nothing when it already is: the reason `npm start` and
// `npm test` are the only commands anybody needs.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** Runs a command in the checkout with its output shown; ends this process with its status when it fails. */
export function must(command, args, { quiet = false } = {}) {
  const run = spawnSync(command, args, { cwd: ROOT, stdio: quiet ? ['ignore', 'ignore', 'inherit'] : 'inherit' });
  if (run.error) fail(`${command} could not be started: ${run.error.message}`);
  if (run.status !== 0) process.exit(run.status ?? 1);
}

function fail(why) {
  console.error(why);
  process.exit(2);
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const fine = major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19);
  if (!fine)
    fail(
      `Countersign needs Node 20.19, 22.12 or later; this is ${process.versions.node}. Install Node 24 and run the command again.`,
    );
}

/** Installs from the lock file when it changed, or when the native parts were built for another Node. */
function install() {
  const lock = createHash('sha256')
    .update(readFileSync(join(ROOT, 'package-lock.json')))
    .digest('hex');
  const want = `${lock} node-${process.versions.modules}`;
  const stamp = join(ROOT, 'node_modules', '.countersign-installed');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === want) return;
  console.error('Installing the packages named in package-lock.json (once; about a minute) ...');
  const options = ['--no-audit', '--no-fund', '--loglevel=error'];
  if (spawnSync('npm', ['ci', ...options], { cwd: ROOT, stdio: 'ignore' }).status !== 0) {
    // npm 11 refuses a lock file without the native packages of other systems, which not every registry carries. This
    // takes the same versions with the same checksums, leaves the lock file alone, and says what is wrong if that is not it.
    must('npm', ['install', '--no-save', ...options], { quiet: true });
  }
  writeFileSync(stamp, want);
}

function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

/** Compiles when a source is newer than the last build. */
export function build() {
  const stamp = join(ROOT, 'dist', '.built');
  const sources = ['src', 'adapters', 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json'].map((p) =>
    newest(join(ROOT, p)),
  );
  if (existsSync(stamp) && statSync(stamp).mtimeMs > Math.max(...sources)) return;
  console.error('Building ...');
  const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  must(process.execPath, [tsc, '-p', 'tsconfig.build.json']);
  const client = join(ROOT, 'adapters', 'web', 'client', 'tsconfig.json');
  if (existsSync(client)) must(process.execPath, [tsc, '-p', client]);
  // npx runs a package's own command as a program.
  chmodSync(join(ROOT, 'dist', 'adapters', 'terminal', 'main.js'), 0o755);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, '');
}

export function setUp() {
  checkNode();
  install();
  build();
}
