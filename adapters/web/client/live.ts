// Live updates. The server sends what changed; after a gap the page fetches itself again, so nothing is missed or doubled.

import type { Patch } from './answer.ts';
import { need, page } from './page.ts';
import { applyPatches, markCurrent, morph, scrollToEnd } from './patch.ts';
import { post } from './request.ts';
import { localiseTimes } from './times.ts';
import { toast } from './toast.ts';

interface News {
  readonly patches: readonly Patch[];
  readonly created: { readonly id: string; readonly name: string } | null;
}

/** Fetches this page again and makes this one look like it. */
async function resync(): Promise<void> {
  const response = await fetch(location.href);
  if (response.redirected) {
    location.assign(response.url);
    return;
  }
  if (!response.ok) return;
  const fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
  const frame = fresh.getElementById('frame');
  if (frame === null) return;
  localiseTimes(frame);
  document.body.dataset.token = fresh.body.dataset.token ?? '';
  morph(need('#frame', HTMLElement), document.adoptNode(frame));
  showUnread();
}

let homeTimer: ReturnType<typeof setTimeout> | undefined;
let readTimer: ReturnType<typeof setTimeout> | undefined;

/** The home tab is about everything, so any news may change it. */
function refreshHome(): void {
  clearTimeout(homeTimer);
  homeTimer = setTimeout(() => void resync(), 400);
}

function markRead(): void {
  if (page.current === 'home' || document.visibilityState !== 'visible') return;
  clearTimeout(readTimer);
  readTimer = setTimeout(() => void post('/api/read', { channel: page.current }).catch(() => {}), 300);
}

const title = document.title;

function showUnread(): void {
  const counts = [...document.querySelectorAll('.unread-count')].map((count) =>
    Number.parseInt(count.textContent ?? '0', 10),
  );
  const sum = counts.reduce((a, b) => a + b, 0);
  document.title = sum > 0 ? `(${sum}) ${title}` : title;
}

/** Listens for as long as the page is open. */
export function startLive(): void {
  const offline = need('#offline', HTMLElement);
  const source = new EventSource(`/events?after=${document.body.dataset.changes ?? ''}`);
  source.addEventListener('open', () => {
    offline.hidden = true;
  });
  source.addEventListener('error', () => {
    offline.hidden = false;
    delete document.body.dataset.live;
    // A refused stream is not tried again by the browser: the session has ended, or the server is another one now.
    if (source.readyState === EventSource.CLOSED)
      setTimeout(() => {
        void resync().then(startLive, startLive);
      }, 3000);
  });
  source.addEventListener('ready', () => {
    document.body.dataset.live = '';
  });
  source.addEventListener('resync', () => {
    void resync().then(() => {
      scrollToEnd();
      document.body.dataset.live = '';
    });
  });
  source.addEventListener('news', (event) => {
    const news = JSON.parse(event.data) as News;
    applyPatches(news.patches);
    if (news.created !== null && news.created.id !== page.current)
      toast(`New channel #${news.created.name}: open it`, { href: `/c/${encodeURIComponent(news.created.id)}` });
    if (page.current === 'home') refreshHome();
    else markRead();
    showUnread();
  });
  showUnread();
}

document.addEventListener('visibilitychange', () => {
  markCurrent(document);
  markRead();
  showUnread();
});
