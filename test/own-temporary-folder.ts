// Before every test file: a temporary folder of its own, and after it nothing is left of what it or its programs put there.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

const before = process.env['TMPDIR'];
const own = mkdtempSync(join(tmpdir(), 'countersign-test-'));
process.env['TMPDIR'] = own;

// The first of a file's hooks to be given is the last to run: whatever the file closes and removes itself is done by then.
afterAll(() => {
  if (before === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = before;
  rmSync(own, { recursive: true, force: true, maxRetries: 3 });
});
