// npm run check: the one gate. Generated files in step, format and lint, types, dead code, tests.
// `--without-tests` leaves the tests to an `npm test` beside it; all other arguments go to vitest.
import { join } from 'node:path';
import { must, ROOT, setUp } from './setup.mjs';

const bin = (name, ...path) => [process.execPath, [join(ROOT, 'node_modules', name, ...path)]];
const run = ([command, base], args) => must(command, [...base, ...args]);

setUp();
must(process.execPath, [join(ROOT, 'dist', 'src', 'commands', 'generate.js'), '--check']);
must(process.execPath, [join(ROOT, 'scripts', 'safety.mjs'), '--check']);
run(bin('@biomejs/biome', 'bin', 'biome'), ['check', '--error-on-warnings', '.']);
run(bin('typescript', 'bin', 'tsc'), ['-p', 'tsconfig.json']);
run(bin('knip', 'bin', 'knip.js'), []);
const forTests = process.argv.slice(2).filter((argument) => argument !== '--without-tests');
if (!process.argv.includes('--without-tests')) run(bin('vitest', 'vitest.mjs'), ['run', ...forTests]);
