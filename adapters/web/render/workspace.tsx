import type { Child } from 'hono/jsx';
import type { DeliverableView } from '../../../src/chat/types.ts';
import type { ChannelLine, WorkspaceChannel, WorkspaceMessage } from '../../../src/chat/workspace.ts';
import { Icon } from './icon.tsx';
import { Avatar, Message, Pinned, PinnedLine } from './message.tsx';
import { Document, type Theme } from './page.tsx';
import { Elements } from './view.tsx';
import type { Viewer } from './viewer.ts';
import { Visible, visibleText } from './visible.tsx';

/** What every page of the workspace has around its middle. */
export interface Frame {
  readonly viewer: Viewer;
  readonly workspaceName: string;
  readonly lines: readonly ChannelLine[];
  readonly token: string;
  readonly changes: number;
  readonly theme: Theme;
  readonly maxFileBytes: number;
}

const channelName = (channel: WorkspaceChannel): string => (channel.kind === 'direct' ? 'Countersign' : channel.name);

const Line = ({ line, current }: { readonly line: ChannelLine; readonly current: string }) => {
  const { channel, unread } = line;
  return (
    <li>
      <a
        href={`/c/${channel.id}`}
        class={unread > 0 ? 'line unread' : 'line'}
        aria-current={channel.id === current ? 'page' : undefined}
        data-channel-line={channel.id}
        title={visibleText(channelName(channel))}
      >
        <Icon name={channel.kind === 'direct' ? 'direct' : channel.isPrivate ? 'lock' : 'channel'} />
        <span class="line-name">
          <Visible text={channelName(channel)} />
        </span>
        {unread > 0 && (
          <span class="unread-count">
            {unread}
            <span class="sr-only"> unread</span>
          </span>
        )}
      </a>
    </li>
  );
};

/** The list on the left; sent again whenever a count in it changes. */
export const ChannelList = ({
  lines,
  current,
}: {
  readonly lines: readonly ChannelLine[];
  readonly current: string;
}) => (
  <div id="channel-list">
    <ul class="lines">
      <li>
        <a href="/home" class="line" aria-current={current === 'home' ? 'page' : undefined}>
          <Icon name="home" />
          <span class="line-name">Home</span>
        </a>
      </li>
    </ul>
    <h2 id="channels-heading">Channels</h2>
    <ul class="lines" aria-labelledby="channels-heading">
      {lines
        .filter((line) => line.channel.kind === 'channel')
        .map((line) => (
          <Line line={line} current={current} />
        ))}
    </ul>
    <h2 id="direct-heading">Direct messages</h2>
    <ul class="lines" aria-labelledby="direct-heading">
      {lines
        .filter((line) => line.channel.kind === 'direct')
        .map((line) => (
          <Line line={line} current={current} />
        ))}
    </ul>
  </div>
);

const Sidebar = ({ frame, current }: { readonly frame: Frame; readonly current: string }) => (
  <nav class="sidebar" id="sidebar" aria-label="Channels">
    <div class="sidebar-head">
      <img src="/assets/mark.svg" alt="" />
      <span class="workspace-name">
        <Visible text={frame.workspaceName} />
      </span>
      <button type="button" class="tool" data-theme-toggle title="Light or dark">
        <Icon name="theme" />
        <span class="sr-only">Switch between light and dark</span>
      </button>
    </div>
    <div class="sidebar-scroll">
      <ChannelList lines={frame.lines} current={current} />
    </div>
    <div class="sidebar-foot">
      <Avatar id={frame.viewer.person.id} label={frame.viewer.person.label} />
      <span class="me">
        <span class="me-name">
          <Visible text={frame.viewer.person.label} />
        </span>
        <span class="context">
          <Visible text={frame.viewer.person.title ?? frame.viewer.person.id} />
        </span>
      </span>
      <form method="post" action="/sign-out">
        <input type="hidden" name="token" value={frame.token} />
        <button type="submit" class="tool" title="Sign out">
          <Icon name="sign-out" />
          <span class="sr-only">Sign out</span>
        </button>
      </form>
    </div>
  </nav>
);

const Shell = ({
  frame,
  current,
  title,
  main,
  panel,
  skipTo,
}: {
  readonly frame: Frame;
  readonly current: string;
  readonly title: string;
  readonly main: Child;
  readonly panel: Child;
  readonly skipTo: string;
}) => (
  <Document
    title={`${title} · ${visibleText(frame.workspaceName)}`}
    theme={frame.theme}
    isApp
    body={
      <body
        data-token={frame.token}
        data-changes={frame.changes}
        data-current={current}
        data-command={frame.viewer.commandName}
        data-max-file-bytes={frame.maxFileBytes}
      >
        <a class="skip" href={`#${skipTo}`}>
          Skip to the {skipTo === 'composer-text' ? 'message box' : 'page'}
        </a>
        <div class="offline" id="offline" role="status" hidden>
          Connection lost. Trying again; what you see may be old.
        </div>
        <div class="frame" id="frame">
          <Sidebar frame={frame} current={current} />
          {main}
          {panel}
        </div>
        <div class="toasts" id="toasts" role="status" aria-live="polite"></div>
        <dialog id="dialog" aria-labelledby="dialog-title"></dialog>
        <dialog id="confirm" aria-labelledby="confirm-title" aria-describedby="confirm-text">
          <form method="dialog" class="form">
            <h2 id="confirm-title">Are you sure?</h2>
            <p class="form-body" id="confirm-text"></p>
            <div class="form-end">
              <button type="submit" class="button normal" value="no">
                Cancel
              </button>
              <button type="submit" class="button primary" value="yes" id="confirm-yes"></button>
            </div>
          </form>
        </dialog>
        <noscript>
          <p class="notice warning">The workspace needs JavaScript to send and to press; reading works without.</p>
        </noscript>
      </body>
    }
  />
);

const Head = ({ children }: { readonly children: Child }) => (
  <header class="main-head">
    <button type="button" class="tool narrow-only" data-sidebar-toggle aria-controls="sidebar" aria-expanded="false">
      <Icon name="menu" />
      <span class="sr-only">Channels</span>
    </button>
    {children}
  </header>
);

/** Where text, commands, pastes and files go in. `thread` null is the channel itself. */
const Composer = ({
  channel,
  thread,
  label,
  commandName,
}: {
  readonly channel: string;
  readonly thread: string | null;
  readonly label: string;
  readonly commandName: string;
}) => {
  const prefix = thread === null ? 'composer' : 'thread-composer';
  return (
    <form class="composer" data-composer data-channel={channel} data-thread={thread ?? undefined}>
      <button type="button" class="jump" data-jump hidden>
        New messages below
      </button>
      <ul class="chips" data-chips aria-label="Waiting to be sent"></ul>
      <div class="completions" id={`${prefix}-completions`} role="listbox" aria-label="Commands" hidden></div>
      <div class="composer-box">
        <textarea
          id={`${prefix}-text`}
          rows={1}
          aria-label={label}
          placeholder={`${label}, or ${commandName} for commands`}
          role="combobox"
          aria-autocomplete="list"
          aria-expanded="false"
          aria-controls={`${prefix}-completions`}
          aria-describedby={`${prefix}-help`}
          autocomplete="off"
          spellcheck
        ></textarea>
        <div class="composer-end">
          <label class="tool attach" title="Attach log files">
            <Icon name="attach" />
            <span class="sr-only">Attach log files</span>
            <input type="file" multiple data-attach />
          </label>
          <span class="composer-help" id={`${prefix}-help`}>
            Enter sends, Shift+Enter breaks the line. Paste or drop logs here.
          </span>
          <button type="submit" class="button primary small" aria-label="Send message">
            Send
          </button>
        </div>
      </div>
    </form>
  );
};

/** The right side: pinned cards, or a thread in their place. */
const PinnedPanel = ({
  channel,
  pinned,
  viewer,
}: {
  readonly channel: string;
  readonly pinned: readonly WorkspaceMessage[];
  readonly viewer: Viewer;
}) => (
  <aside class="panel pinned-panel" aria-label="Pinned">
    <details open data-pinned-fold>
      <summary>
        <Icon name="pushpin" /> Pinned
        <PinnedLine channel={channel} message={pinned.at(-1) ?? null} />
      </summary>
      <div class="panel-body" id={`pinned-${channel}`}>
        {pinned.map((message) => (
          <Pinned message={message} viewer={viewer} />
        ))}
      </div>
    </details>
  </aside>
);

const ThreadPanel = ({
  root,
  replies,
  frame,
}: {
  readonly root: WorkspaceMessage;
  readonly replies: readonly WorkspaceMessage[];
  readonly frame: Frame;
}) => (
  <aside class="panel thread-panel" aria-label="Thread">
    <header class="main-head">
      <h2>Thread</h2>
      <a class="tool push" href={`/c/${root.channel}`} title="Close the thread">
        <Icon name="close" />
        <span class="sr-only">Close the thread</span>
      </a>
    </header>
    <div class="messages" data-scroll>
      <Message message={root} viewer={frame.viewer} place="t" />
      <div id={`thread-${root.id}`} role="log" aria-label="Replies">
        {replies.map((message) => (
          <Message message={message} viewer={frame.viewer} place="m" />
        ))}
      </div>
    </div>
    <Composer channel={root.channel} thread={root.id} label="Reply in thread" commandName={frame.viewer.commandName} />
  </aside>
);

/** A channel or a private chat. */
export const ChannelPage = ({
  frame,
  channel,
  messages,
  pinned,
  thread,
  earlier,
}: {
  readonly frame: Frame;
  readonly channel: WorkspaceChannel;
  readonly messages: readonly WorkspaceMessage[];
  readonly pinned: readonly WorkspaceMessage[];
  readonly thread: { readonly root: WorkspaceMessage; readonly replies: readonly WorkspaceMessage[] } | null;
  /** Address of the messages before these, when there are any. */
  readonly earlier: string | null;
}) => {
  const name = visibleText(channelName(channel));
  const shown = channel.kind === 'direct' ? name : `#${name}`;
  const main = (
    <main class="main" id="main">
      <Head>
        <h1>{shown}</h1>
        <span class="context">
          {channel.kind === 'direct'
            ? 'Only you and the bot'
            : channel.isPrivate
              ? 'Private channel'
              : 'Everybody here'}
        </span>
      </Head>
      <section class="messages" data-scroll tabindex={0} aria-label={`Messages in ${shown}`}>
        {earlier !== null && (
          <a class="earlier" href={earlier}>
            Earlier messages
          </a>
        )}
        <div id={`messages-${channel.id}`} role="log" aria-label={`New messages in ${shown}`}>
          {messages.map((message) => (
            <Message message={message} viewer={frame.viewer} place="m" />
          ))}
        </div>
        {messages.length === 0 && (
          <div class="empty">
            <p>Nothing here yet.</p>
            <p class="context">
              Type <code>{frame.viewer.commandName} open</code> to declare an incident, or{' '}
              <code>{frame.viewer.commandName} help demo</code> for a sample one.
            </p>
          </div>
        )}
      </section>
      <Composer channel={channel.id} thread={null} label={`Message ${shown}`} commandName={frame.viewer.commandName} />
    </main>
  );
  const panel =
    thread !== null ? (
      <ThreadPanel root={thread.root} replies={thread.replies} frame={frame} />
    ) : (
      <PinnedPanel channel={channel.id} pinned={pinned} viewer={frame.viewer} />
    );
  return <Shell frame={frame} current={channel.id} title={shown} main={main} panel={panel} skipTo="composer-text" />;
};

/** The home tab. */
export const HomePage = ({ frame, home }: { readonly frame: Frame; readonly home: DeliverableView }) => (
  <Shell
    frame={frame}
    current="home"
    title="Home"
    skipTo="home"
    panel={null}
    main={
      <main class="main" id="main">
        <Head>
          <h1>Home</h1>
        </Head>
        <div class="messages home" id="home" tabindex={-1}>
          <section class="home-card" aria-label={visibleText(home.view.summary)}>
            <Elements elements={home.view.elements} tokens={home.tokens} viewer={frame.viewer} />
          </section>
        </div>
      </main>
    }
  />
);
