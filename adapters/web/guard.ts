// What every request passes before a route sees it: the host it was sent to, the page it came from, and the headers
// that keep the answer from being anything but text, our own script and our own style.
import type { MiddlewareHandler } from 'hono';
import type { WebSettings } from './options.ts';

const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  // Not `no-referrer`: browsers would then call the origin of our own forms `null`.
  'referrer-policy': 'same-origin',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
  'cache-control': 'no-store',
};

/** Sets the safety headers unless a route has set its own. */
export const safeHeaders: MiddlewareHandler = async (c, next) => {
  await next();
  for (const [name, value] of Object.entries(HEADERS)) if (!c.res.headers.has(name)) c.res.headers.set(name, value);
};

const hostName = (host: string): string => host.replace(/:\d{1,5}$/, '').toLowerCase();

// `null` and other origins that are no address belong to nobody we know.
const hostOf = (origin: string): string | null => (URL.canParse(origin) ? new URL(origin).host : null);

/** Refuses a request that was sent to another name, or that another site's page made. */
export function sameSiteOnly(settings: WebSettings): MiddlewareHandler {
  return async (c, next) => {
    const host = c.req.header('host') ?? '';
    if (!settings.hosts.includes(hostName(host)))
      return c.text(
        `This workspace does not answer to the name ${JSON.stringify(host.slice(0, 80))}. Open it by one of: ${settings.hosts.join(', ')}.`,
        421,
      );
    const isWrite = c.req.method !== 'GET' && c.req.method !== 'HEAD';
    const origin = c.req.header('origin');
    const site = c.req.header('sec-fetch-site');
    const isForeign =
      (origin !== undefined && hostOf(origin) !== host.toLowerCase()) ||
      (isWrite && site !== undefined && site !== 'same-origin' && site !== 'none') ||
      (isWrite && origin === undefined && site === undefined);
    if (isForeign)
      return c.text(
        'This request came from another site or says nothing about where it came from; it was not carried out.',
        403,
      );
    return next();
  };
}
