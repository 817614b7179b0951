// npm start: installs and builds when needed, then becomes the server.
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { ROOT, setUp } from './setup.mjs';

setUp();
await import(pathToFileURL(join(ROOT, 'dist', 'src', 'main.js')).href);
