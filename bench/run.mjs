// npm run bench: every bench in turn, each in a process of its own so that none inherits another's memory.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const here = import.meta.dirname;
let worst = 0;
for (const name of readdirSync(here)
  .filter((file) => file.endsWith('.bench.mjs'))
  .sort()) {
  console.log(`\n== ${name.replace('.bench.mjs', '')}`);
  worst = Math.max(
    worst,
    spawnSync(process.execPath, ['--expose-gc', join(here, name)], { stdio: 'inherit' }).status ?? 1,
  );
}
process.exit(worst);
