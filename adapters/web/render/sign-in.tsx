import type { WebPerson } from '../options.ts';
import { Document, type Theme } from './page.tsx';
import { Visible, visibleText } from './visible.tsx';

/** The door: who are you, and your passcode. */
export const SignInPage = ({
  workspaceName,
  people,
  hint,
  token,
  problem,
  chosen,
  theme,
}: {
  readonly workspaceName: string;
  readonly people: readonly WebPerson[];
  readonly hint: string;
  readonly token: string;
  readonly problem: string | null;
  readonly chosen: string;
  readonly theme: Theme;
}) => (
  <Document
    title={`Sign in · ${visibleText(workspaceName)}`}
    theme={theme}
    isApp={false}
    body={
      <body class="alone">
        <main class="alone-box">
          <img class="alone-mark" src="/assets/mark.svg" alt="" />
          <h1>
            <Visible text={workspaceName} />
          </h1>
          <p class="context">Say who you are: what you press here is recorded under your name.</p>
          <form method="post" action="/sign-in" class="form sign-in">
            <input type="hidden" name="token" value={token} />
            {problem !== null && (
              <p class="notice danger" role="alert">
                <strong class="tone">Not signed in</strong>
                <span>{problem}</span>
              </p>
            )}
            {people.length === 0 && (
              <p class="notice warning">
                <strong class="tone">Nobody can sign in</strong>
                <span>
                  Nobody in the organisation’s file has both an id for web and a passcode of at least 8 characters. Add
                  them there and start Countersign again.
                </span>
              </p>
            )}
            <div class="field">
              <label for="person">Person</label>
              <select id="person" name="person" required>
                {people.map((person) => (
                  <option value={person.id} selected={person.id === chosen}>
                    {visibleText(person.title === undefined ? person.label : `${person.label} — ${person.title}`)}
                  </option>
                ))}
              </select>
            </div>
            <div class="field">
              <label for="passcode">Passcode</label>
              <input
                type="password"
                id="passcode"
                name="passcode"
                required
                autocomplete="current-password"
                maxlength={200}
                aria-describedby="hint"
              />
              {hint !== '' && (
                <span class="hint" id="hint">
                  <Visible text={hint} />
                </span>
              )}
            </div>
            <button type="submit" class="button primary wide">
              Sign in
            </button>
          </form>
          <p class="context">To be a second person, use another browser or a private window.</p>
        </main>
      </body>
    }
  />
);
