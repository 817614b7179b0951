// npm start: installs and builds when needed, then becomes the server.

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT, setUp } from './setup.mjs';

setUp();
await import(pathToFileURL(join(ROOT, 'dist', 'src', 'main.js')).href);
