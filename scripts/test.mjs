// npm test [-- vitest arguments]: installs and builds when needed, then runs the tests.
import { join } from 'node:path';
import { must, ROOT, setUp } from './setup.mjs';

setUp();
must(process.execPath, [join(ROOT, 'node_modules', 'vitest', 'vitest.mjs'), 'run', ...process.argv.slice(2)]);
