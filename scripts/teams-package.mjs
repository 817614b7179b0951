// npm run teams:package: the zip that an administrator uploads to Teams, from the registry, with the icons drawn here.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Resvg } from '@resvg/resvg-js';
import { zipSync } from 'fflate';
import { ROOT, setUp } from './setup.mjs';

const { values } = parseArgs({
  options: {
    'app-id': { type: 'string', default: process.env.COUNTERSIGN_TEAMS_APP_ID ?? '' },
    site: { type: 'string', default: '' },
    capture: { type: 'boolean', default: false },
    out: { type: 'string', default: join(ROOT, 'dist', 'countersign-teams.zip') },
  },
});

const appId = values['app-id'].trim().toLowerCase();
if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(appId)) {
  console.error(
    'Say which application it is: npm run teams:package -- --app-id <application (client) id>, or set COUNTERSIGN_TEAMS_APP_ID.',
  );
  process.exit(2);
}
if (values.site !== '' && !/^https:\/\/[^\s/]+/.test(values.site)) {
  console.error('--site takes an https address: the page where your people find who runs Countersign.');
  process.exit(2);
}

setUp();
const { SAMPLE_PACKAGE, teamsManifest } = await import('../dist/src/commands/teams-manifest.js');
const picture = (name, width) =>
  new Resvg(readFileSync(join(ROOT, 'adapters', 'teams', 'pictures', `${name}.svg`), 'utf8'), {
    fitTo: { mode: 'width', value: width },
  })
    .render()
    .asPng();
const manifest = teamsManifest({ appId, site: values.site || SAMPLE_PACKAGE.site, captures: values.capture });
const out = resolve(values.out);
mkdirSync(dirname(out), { recursive: true });
writeFileSync(
  out,
  zipSync({
    'manifest.json': new TextEncoder().encode(manifest),
    'color.png': picture('color', 192),
    'outline.png': picture('outline', 32),
  }),
);
console.log(
  `${out} is ready: upload it in the Teams admin center, Teams apps, Manage apps. docs/teams.md has every click.`,
);
if (values.site === '')
  console.log(`It names ${SAMPLE_PACKAGE.site} as the site of whoever runs it; name yours with --site https://...`);
