// Signing in and out.
import { Hono } from 'hono';
import { isPasscode } from '../../../src/chat/passcode.ts';
import { readForm } from '../body.ts';
import { SIZES } from '../options.ts';
import { SignInPage } from '../render/sign-in.tsx';
import { doorToken, formToken, isDoorToken, isSame, signIn, signOut, themeOf, whoIs } from '../session.ts';
import type { Parts, WebEnv } from './env.ts';

// Compared against when the person is unknown, so that the answer takes as long as for a known one.
const NOBODY = `scrypt$${'A'.repeat(22)}$${'A'.repeat(43)}`;

/** GET and POST /sign-in, POST /sign-out. */
export function doorRoutes(parts: Parts): Hono<WebEnv> {
  const { settings, signInThrottle, signInThrottleForAll } = parts;
  const app = new Hono<WebEnv>();

  app.get('/sign-in', (c) => {
    if (whoIs(c, settings) !== null) return c.redirect('/home', 303);
    return c.html(
      <SignInPage
        workspaceName={settings.workspaceName}
        people={settings.people}
        hint={settings.signInHint}
        token={doorToken(c, settings)}
        problem={null}
        chosen=""
        theme={themeOf(c)}
      />,
    );
  });

  app.post('/sign-in', async (c) => {
    const form = await readForm(c.req.raw, SIZES.smallBodyBytes);
    const text = (name: string): string => {
      const value = form?.get(name);
      return typeof value === 'string' ? value : '';
    };
    const chosen = text('person');
    const refuse = (problem: string, status: 401 | 403 | 429) =>
      c.html(
        <SignInPage
          workspaceName={settings.workspaceName}
          people={settings.people}
          hint={settings.signInHint}
          token={doorToken(c, settings)}
          problem={problem}
          chosen={chosen}
          theme={themeOf(c)}
        />,
        status,
      );
    if (!isDoorToken(c, text('token'))) return refuse('This page was too old. Try again.', 403);
    const person = settings.people.find((candidate) => candidate.id === chosen);
    // The person's own count keeps one passcode from being guessed; the count for all, everybody's in turn.
    const wait = signInThrottle.hit(person?.id ?? 'somebody unknown') ?? signInThrottleForAll.hit('all');
    if (wait !== null) {
      c.header('retry-after', String(wait));
      return refuse(`Too many attempts. Wait ${wait} seconds and try again.`, 429);
    }
    const isRight = await isPasscode(text('passcode').slice(0, 200), person?.passcodeHash ?? NOBODY);
    if (person === undefined || !isRight)
      return refuse('That passcode does not belong to that person. Look at the hint below and try again.', 401);
    signInThrottle.forget(person.id);
    signIn(c, settings, person);
    return c.redirect('/home', 303);
  });

  app.post('/sign-out', async (c) => {
    const who = whoIs(c, settings);
    const form = await readForm(c.req.raw, SIZES.smallBodyBytes);
    const token = form?.get('token');
    if (who !== null && typeof token === 'string' && isSame(token, formToken(who.session)))
      signOut(c, settings, who.session);
    return c.redirect('/sign-in', 303);
  });
  return app;
}
