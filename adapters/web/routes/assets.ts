// Our own script, style and pictures: read once at start, so that a request never names a path on the disk.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Hono } from 'hono';

const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
};

interface Asset {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: string;
  readonly tag: string;
}

/** The checkout this file runs from, compiled or not. Throws when there is none. */
function root(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    if (folder === dirname(folder))
      throw new Error('The workspace cannot find its own folder: package.json is missing.');
    folder = dirname(folder);
  }
  return folder;
}

/** GET /assets/...; throws at start when the client was not built. */
export function assetRoutes(): Hono {
  const home = root();
  const assets = new Map<string, Asset>();
  const put = (name: string, file: string): void => {
    const bytes = new Uint8Array(readFileSync(file));
    const type = TYPES[name.slice(name.lastIndexOf('.') + 1)];
    if (type === undefined) return;
    assets.set(name, { bytes, type, tag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"` });
  };
  const putAll = (prefix: string, folder: string): void => {
    for (const name of readdirSync(folder))
      if (name.endsWith('.js') || name.endsWith('.css') || name.endsWith('.svg'))
        put(`${prefix}${name}`, join(folder, name));
  };
  putAll('style/', join(home, 'adapters', 'web', 'style'));
  putAll('', join(home, 'adapters', 'web', 'pictures'));
  const client = join(home, 'dist', 'adapters', 'web', 'client');
  if (!existsSync(join(client, 'main.js')))
    throw new Error('The workspace was not built. Run npm start, which builds it.');
  putAll('client/', client);
  put('client/idiomorph.js', join(dirname(createRequire(import.meta.url).resolve('idiomorph')), 'idiomorph.esm.js'));

  const app = new Hono();
  app.get('/assets/*', (c) => {
    const asset = assets.get(c.req.path.slice('/assets/'.length));
    if (asset === undefined) return c.text('There is no such file.', 404);
    const headers = { etag: asset.tag, 'cache-control': 'no-cache' };
    if (c.req.header('if-none-match') === asset.tag) return c.body(null, 304, headers);
    return c.body(asset.bytes, 200, { ...headers, 'content-type': asset.type });
  });
  return app;
}
