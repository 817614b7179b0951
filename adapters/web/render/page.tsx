import { raw } from 'hono/html';
import type { Child } from 'hono/jsx';

/** Light, dark, or what the reader's system says. */
export type Theme = 'light' | 'dark' | 'system';

/** A whole document. Scripts and styles are files of ours: the Content-Security-Policy allows nothing else. */
export const Document = ({
  title,
  theme,
  isApp,
  body,
}: {
  readonly title: string;
  readonly theme: Theme;
  readonly isApp: boolean;
  readonly body: Child;
}) => (
  <>
    {raw('<!doctype html>')}
    <html lang="en" data-theme={theme === 'system' ? undefined : theme}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{title}</title>
        <link rel="icon" href="/assets/mark.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/assets/style/tokens.css" />
        <link rel="stylesheet" href="/assets/style/frame.css" />
        <link rel="stylesheet" href="/assets/style/message.css" />
        <link rel="stylesheet" href="/assets/style/card.css" />
        <link rel="stylesheet" href="/assets/style/form.css" />
        {isApp && <script type="module" src="/assets/client/main.js"></script>}
      </head>
      {body}
    </html>
  </>
);

/** A page with one sentence, for a refusal that a browser walked into. */
export const Sentence = ({
  title,
  text,
  theme,
}: {
  readonly title: string;
  readonly text: string;
  readonly theme: Theme;
}) => (
  <Document
    title={`${title} · Countersign`}
    theme={theme}
    isApp={false}
    body={
      <body class="alone">
        <main class="alone-box">
          <h1>{title}</h1>
          <p>{text}</p>
          <p>
            <a href="/home">Go to your home page</a>
          </p>
        </main>
      </body>
    }
  />
);
