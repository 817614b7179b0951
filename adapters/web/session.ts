// Who is at the other end: a random cookie whose hash is kept, and a secret of the session for everything that has to
// prove it came from a page of ours.
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import type { Principal } from '../../src/chat/types.ts';
import type { WorkspaceSession } from '../../src/chat/workspace.ts';
import { PLATFORM, TENANT, type WebPerson, type WebSettings } from './options.ts';
import type { Theme } from './render/page.tsx';

const COOKIE = 'countersign_session';
const DOOR_COOKIE = 'countersign_door';
const SESSION_MS = 16 * 60 * 60 * 1000;

/** A signed-in browser. */
export interface SignedIn {
  readonly person: WebPerson;
  readonly session: WorkspaceSession;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const sign = (secret: string, what: string): string => createHmac('sha256', secret).update(what).digest('base64url');

/** Constant-time comparison of two short texts. */
export function isSame(a: string, b: string): boolean {
  const left = createHash('sha256').update(a).digest();
  return timingSafeEqual(left, createHash('sha256').update(b).digest());
}

/** The verified actor of a person of this workspace. */
export const principal = (person: { readonly id: string; readonly label: string }): Principal => ({
  platform: PLATFORM,
  tenant: TENANT,
  id: person.id,
  label: person.label,
  standing: 'member',
});

/** The token that a page of this session sends along with everything it changes. */
export const formToken = (session: WorkspaceSession): string => sign(session.secret, 'form');

/** Address of a picture that only this session can open. */
export const pictureAddress =
  (session: WorkspaceSession) =>
  (digest: string, type: 'svg' | 'png'): string =>
    `/picture/${sign(session.secret, `${digest}.${type}`)}/${digest}.${type}`;

/** True when this session was shown that picture. */
export const isPictureOf = (session: WorkspaceSession, name: string, signature: string): boolean =>
  isSame(sign(session.secret, name), signature);

const cookieOptions = (settings: WebSettings) =>
  ({ path: '/', httpOnly: true, sameSite: 'Strict', secure: settings.isSecure }) as const;

/** The person behind a request, or null. A person who left the organisation's file is nobody. */
export function whoIs(c: Context, settings: WebSettings): SignedIn | null {
  const cookie = getCookie(c, COOKIE);
  if (cookie === undefined) return null;
  const session = settings.store.session(sha256(cookie), settings.now());
  const person = settings.people.find((candidate) => candidate.id === session?.person);
  return session === null || person === undefined ? null : { person, session };
}

/** Starts a session; the cookie goes to the browser, only its hash is kept. */
export function signIn(c: Context, settings: WebSettings, person: WebPerson): void {
  const cookie = randomBytes(32).toString('base64url');
  settings.store.openSession({
    hash: sha256(cookie),
    person: person.id,
    secret: randomBytes(32).toString('base64url'),
    expiresAtMs: settings.now() + SESSION_MS,
  });
  setCookie(c, COOKIE, cookie, { ...cookieOptions(settings), maxAge: SESSION_MS / 1000 });
}

/** Ends the session and takes the cookie back. */
export function signOut(c: Context, settings: WebSettings, session: WorkspaceSession): void {
  settings.store.closeSession(session.hash);
  setCookie(c, COOKIE, '', { ...cookieOptions(settings), maxAge: 0 });
}

/** The anti-forgery token of the sign-in page, before there is a session: a cookie and a field that must agree. */
export function doorToken(c: Context, settings: WebSettings): string {
  const known = getCookie(c, DOOR_COOKIE);
  if (known !== undefined && /^[A-Za-z0-9_-]{43}$/.test(known)) return known;
  const token = randomBytes(32).toString('base64url');
  setCookie(c, DOOR_COOKIE, token, cookieOptions(settings));
  return token;
}

/** True when the field is the one the sign-in page was given. */
export function isDoorToken(c: Context, token: string): boolean {
  const cookie = getCookie(c, DOOR_COOKIE);
  return cookie !== undefined && isSame(cookie, token);
}

/** What the reader chose with the light-and-dark button. */
export function themeOf(c: Context): Theme {
  const theme = getCookie(c, 'theme');
  return theme === 'light' || theme === 'dark' ? theme : 'system';
}
