// Completes package-lock.json after `npm install`: a registry that serves only some platforms leaves the others' optional
// packages out of the lock, and `npm ci` then refuses it everywhere. Adds an entry for each, so that one lock fits all machines.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './setup.mjs';

const OS = ['android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'sunos', 'win32', 'aix', 'openharmony'];
const CPU = {
  arm64: 'arm64',
  x64: 'x64',
  ia32: 'ia32',
  arm: 'arm',
  armv6: 'arm',
  armv7: 'arm',
  'arm-gnueabihf': 'arm',
  'arm-musleabihf': 'arm',
  'arm-eabi': 'arm',
  riscv64: 'riscv64',
  s390x: 's390x',
  ppc64: 'ppc64',
  loong64: 'loong64',
  wasm32: 'wasm32',
  mips64el: 'mips64el',
  universal: null,
};

/** What a platform package's name says of where it fits. */
function fitOf(name) {
  const last = name.split('/').at(-1);
  const os =
    OS.find((o) => last.includes(`-${o}-`) || last.endsWith(`-${o}`)) ?? (last.includes('-wasm32') ? null : undefined);
  const cpu = Object.entries(CPU)
    .filter(([word]) => last.includes(`-${word}`))
    .sort((a, b) => b[0].length - a[0].length)[0]?.[1];
  return {
    ...(os ? { os: [os] } : {}),
    ...(cpu ? { cpu: [cpu] } : {}),
    ...(last.endsWith('-musl') ? { libc: ['musl'] } : last.endsWith('-gnu') ? { libc: ['glibc'] } : {}),
  };
}

/** The optional packages that packages of the lock name and the lock has no entry for. */
export function missingOptional(lock) {
  const missing = [];
  for (const [path, entry] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      let at = path;
      let isFound = false;
      for (;;) {
        if (lock.packages[`${at ? `${at}/` : ''}node_modules/${name}`]) isFound = true;
        if (isFound || at === '') break;
        at = at.includes('/node_modules/') ? at.slice(0, at.lastIndexOf('/node_modules/')) : '';
      }
      if (!isFound) missing.push({ name, version, from: path });
    }
  }
  return missing;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const file = join(ROOT, 'package-lock.json');
  const lock = JSON.parse(readFileSync(file, 'utf8'));
  const isDev = (path) => lock.packages[path]?.dev === true;
  for (const { name, version, from } of missingOptional(lock)) {
    lock.packages[`node_modules/${name}`] = {
      version: version.replace(/^[\^~]/, ''),
      ...fitOf(name),
      ...(isDev(from) ? { dev: true } : {}),
      optional: true,
    };
    console.log(`added ${name} ${version}`);
  }
  for (const entry of Object.values(lock.packages)) delete entry.resolved;
  const sorted = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(file, `${JSON.stringify({ ...lock, packages: sorted }, null, 2)}\n`);
}
