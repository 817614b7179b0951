import type { Child } from 'hono/jsx';
import type { ChannelLine, WorkspaceChannel } from '../../../src/chat/workspace.ts';
import { Icon } from './icon.tsx';
import { Avatar } from './message.tsx';
import { Document, type Theme } from './page.tsx';
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

/** What a channel is called on the page. */
export const channelName = (channel: WorkspaceChannel): string =>
  channel.kind === 'direct' ? 'Countersign' : channel.name;

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

/** A page of the workspace around its middle. */
export const Shell = ({
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

/** The bar over the middle. */
export const Head = ({ children }: { readonly children: Child }) => (
  <header class="main-head">
    <button type="button" class="tool narrow-only" data-sidebar-toggle aria-controls="sidebar" aria-expanded="false">
      <Icon name="menu" />
      <span class="sr-only">Channels</span>
    </button>
    {children}
  </header>
);
