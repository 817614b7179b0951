// A real workspace on a real HTTP server and a real SQLite file, with a scripted bot behind it.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createWebAdapter, type WebAdapter, type WebOptions } from '../../adapters/web/index.ts';
import { hashPasscode } from '../../src/chat/passcode.ts';
import type { WorkspaceStore } from '../../src/chat/workspace.ts';
import { openWorkspaceStore } from '../../src/store/workspace.ts';
import { createScriptedDesk, type ScriptedDesk } from '../doubles/scripted-desk.ts';

export const PASSCODES = { mira: 'maple-otter-11', tomas: 'quiet-harbour-72' } as const;

export interface Running {
  readonly address: string;
  readonly adapter: WebAdapter;
  readonly desk: ScriptedDesk;
  readonly store: WorkspaceStore;
  stop(): Promise<void>;
}

let hashes: Promise<readonly [string, string]> | undefined;

/** Starts a workspace on a free port; `folder` keeps it over a restart. */
export async function startWorkspace(
  options: Partial<WebOptions> & { readonly folder?: string } = {},
): Promise<Running> {
  const { folder, ...given } = options;
  const data = folder ?? mkdtempSync(join(tmpdir(), 'countersign-web-'));
  hashes ??= Promise.all([hashPasscode(PASSCODES.mira), hashPasscode(PASSCODES.tomas)]);
  const [mira, tomas] = await hashes;
  const store = openWorkspaceStore(join(data, 'workspace.db'));
  const adapter = createWebAdapter({
    store,
    people: [
      { id: 'mira', label: 'Mira Sample', title: 'Incident commander', passcodeHash: mira },
      { id: 'tomas', label: 'Tomas Sample', title: 'Responder', passcodeHash: tomas },
    ],
    now: () => Date.now(),
    newId: () => crypto.randomUUID(),
    workspaceName: 'Example Outfitters',
    signInHint: 'Passcodes stand in countersign.yml.',
    ...given,
  });
  const desk = createScriptedDesk(adapter.port);
  adapter.attach(desk);
  const server = createServer((request, response) => void adapter.listener(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}`,
    adapter,
    desk,
    store,
    async stop() {
      adapter.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      store.close();
      if (folder === undefined) rmSync(data, { recursive: true, force: true });
    },
  };
}
