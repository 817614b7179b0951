import type { DeliverableView } from '../../../src/chat/types.ts';
import type { WorkspaceChannel, WorkspaceMessage } from '../../../src/chat/workspace.ts';
import { Composer } from './composer.tsx';
import { Icon } from './icon.tsx';
import { Message, Pinned, PinnedLine } from './message.tsx';
import { People } from './people.tsx';
import { channelName, type Frame, Head, Shell } from './shell.tsx';
import { Elements } from './view.tsx';
import type { Viewer } from './viewer.ts';
import { visibleText } from './visible.tsx';

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
  members,
}: {
  readonly frame: Frame;
  readonly channel: WorkspaceChannel;
  readonly messages: readonly WorkspaceMessage[];
  readonly pinned: readonly WorkspaceMessage[];
  readonly thread: { readonly root: WorkspaceMessage; readonly replies: readonly WorkspaceMessage[] } | null;
  /** Address of the messages before these, when there are any. */
  readonly earlier: string | null;
  /** Who is in it, when it is a private channel. */
  readonly members: readonly string[] | null;
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
        {members !== null && <People channel={channel.id} members={members} viewer={frame.viewer} />}
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
