import type { ShortcutName } from '../../../src/chat/types.ts';
import type { WorkspaceFile, WorkspaceMessage } from '../../../src/chat/workspace.ts';
import { Icon } from './icon.tsx';
import { Time } from './prose.tsx';
import { Card } from './view.tsx';
import type { Viewer } from './viewer.ts';
import { Visible, visibleText } from './visible.tsx';

/** The emoji that mean something to the bot, in the order they are offered. */
const REACTIONS = [
  { name: 'pushpin', label: 'Pin to the timeline' },
  { name: 'white_check_mark', label: 'Ask for verification' },
  { name: 'question', label: 'Open a question' },
] as const;

const SHORTCUTS: readonly { readonly name: ShortcutName; readonly label: string }[] = [
  { name: 'add-to-timeline', label: 'Add to timeline' },
  { name: 'read-as-log', label: 'Read as log' },
  { name: 'keep-as-evidence', label: 'Keep as evidence' },
  { name: 'ask-about-this', label: 'Ask about this' },
];

/** `812 bytes`, `12 kB`, `3.4 MB`: decimal units. */
export function fileSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} ${bytes === 1 ? 'byte' : 'bytes'}`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

const initials = (label: string): string =>
  label
    .split(/\s+/u)
    .slice(0, 2)
    .map((word) => [...word][0] ?? '')
    .join('')
    .toUpperCase();

/** One of eight colours, the same for the same id everywhere. */
const hue = (id: string): number =>
  [...id].reduce((sum, character) => (sum * 31 + (character.codePointAt(0) ?? 0)) % 8, 0);

/** A person's square, or the bot's mark; names stand beside it, so a screen reader skips it. */
export const Avatar = ({ id, label }: { readonly id: string | null; readonly label: string }) =>
  id === null ? (
    <span class="avatar bot" aria-hidden="true">
      <img src="/assets/mark.svg" alt="" />
    </span>
  ) : (
    <span class={`avatar hue-${hue(id)}`} aria-hidden="true">
      {initials(label)}
    </span>
  );

// Typed text: line breaks kept, people shown by name, nothing else understood; an address stays plain text.
const MENTION = /<@([A-Za-z0-9._-]{1,64})>/g;

const Typed = ({ text, viewer }: { readonly text: string; readonly viewer: Viewer }) => (
  <p class="typed">
    {text.split(MENTION).map((part, index) => {
      if (index % 2 === 0) return <Visible text={part} />;
      const person = viewer.people.get(part);
      if (person === undefined) return <Visible text={`<@${part}>`} />;
      return <span class={part === viewer.person.id ? 'mention me' : 'mention'}>@{visibleText(person.label)}</span>;
    })}
  </p>
);

const FileLine = ({ file }: { readonly file: WorkspaceFile }) => (
  <a class="file" href={`/files/${file.id}`} download={visibleText(file.name)}>
    <span class="file-glyph">
      <Icon name="download" />
    </span>
    <span>
      <span class="file-name">
        <Visible text={file.name} />
      </span>
      <span class="file-size">
        Download, {fileSize(file.sizeBytes)}
        {file.altText !== null && <> · {visibleText(file.altText)}</>}
      </span>
    </span>
  </a>
);

const Reactions = ({ message, viewer }: { readonly message: WorkspaceMessage; readonly viewer: Viewer }) => (
  <div class="reactions">
    {message.reactions.map(({ emoji, people }) => {
      const known = REACTIONS.find((reaction) => reaction.name === emoji);
      const names = people.map((id) => viewer.people.get(id)?.label ?? id).join(', ');
      const mine = people.includes(viewer.person.id);
      return (
        <button
          type="button"
          class="reaction"
          data-react={visibleText(emoji)}
          data-on={mine ? 'no' : 'yes'}
          aria-pressed={mine ? 'true' : 'false'}
          title={visibleText(`${known?.label ?? emoji}: ${names}`)}
        >
          {known === undefined ? visibleText(emoji) : <Icon name={known.name} />} {people.length}
          <span class="sr-only"> {known?.label ?? visibleText(emoji)}</span>
        </button>
      );
    })}
  </div>
);

const Tools = ({ message, viewer }: { readonly message: WorkspaceMessage; readonly viewer: Viewer }) => (
  <div class="tools" role="toolbar" aria-label="Message actions">
    {REACTIONS.map((reaction) => (
      <button
        type="button"
        class="tool"
        data-react={reaction.name}
        data-on={
          message.reactions.some((r) => r.emoji === reaction.name && r.people.includes(viewer.person.id)) ? 'no' : 'yes'
        }
        title={reaction.label}
      >
        <Icon name={reaction.name} />
        <span class="sr-only">{reaction.label}</span>
      </button>
    ))}
    {message.thread === null && (
      <a class="tool" href={`/c/${message.channel}/t/${message.id}`} title="Reply in thread">
        <Icon name="thread" />
        <span class="sr-only">Reply in thread</span>
      </a>
    )}
    <details class="menu">
      <summary class="tool" title="More actions">
        <Icon name="more" />
        <span class="sr-only">More actions</span>
      </summary>
      <ul>
        {SHORTCUTS.map((shortcut) => (
          <li>
            <button type="button" data-shortcut={shortcut.name}>
              {shortcut.label}
            </button>
          </li>
        ))}
        {message.author === viewer.person.id && (
          <li>
            <button type="button" class="danger" data-delete>
              Delete message
            </button>
          </li>
        )}
      </ul>
    </details>
  </div>
);

const Body = ({ message, viewer }: { readonly message: WorkspaceMessage; readonly viewer: Viewer }) => (
  <>
    {message.text !== '' && message.onlyFor === null && <Typed text={message.text} viewer={viewer} />}
    {message.view !== null && <Card deliverable={message.view} viewer={viewer} />}
    {message.files.map((file) => (
      <FileLine file={file} />
    ))}
  </>
);

/** Element id of a message: `m` in its channel, `t` as the head of its thread, `p` among the pinned cards. */
export const messageElementId = (place: 'm' | 't' | 'p', id: string): string => `${place}-${id}`;

/** One message in the flow. `place` `t` is the thread's head, which has no thread link of its own. */
export const Message = ({
  message,
  viewer,
  place,
}: {
  readonly message: WorkspaceMessage;
  readonly viewer: Viewer;
  readonly place: 'm' | 't';
}) => {
  const author = message.author === null ? 'Countersign' : (viewer.people.get(message.author)?.label ?? message.author);
  const isPrivate = message.onlyFor !== null;
  if (message.isDeleted)
    return (
      <article class="message deleted" id={messageElementId(place, message.id)} data-seq={message.seq}>
        <p class="context">{visibleText(author)} deleted a message. What was kept as evidence stays kept.</p>
      </article>
    );
  return (
    <article
      class={isPrivate ? 'message private' : 'message'}
      id={messageElementId(place, message.id)}
      data-seq={message.seq}
      data-message={message.id}
      aria-label={visibleText(`${author}${isPrivate ? ', only you can see this' : ''}`)}
    >
      <Avatar id={message.author} label={author} />
      <div class="message-main">
        <header>
          <span class="author">
            <Visible text={author} />
          </span>
          {message.author === null && <span class="badge">bot</span>}
          <Time at={message.sentAt} as="datetime" />
          {message.editedAt !== null && message.author === null && (
            <span class="edited">
              updated <Time at={message.editedAt} as="time" />
            </span>
          )}
          {isPrivate && (
            <span class="only-you">
              <Icon name="private" />
              Only you can see this
              <button type="button" class="dismiss" data-delete>
                Dismiss
              </button>
            </span>
          )}
        </header>
        {isPrivate && message.text !== '' && (
          <p class="echo">
            You typed <code>{visibleText(message.text)}</code>
          </p>
        )}
        {message.isPinned && place === 'm' ? (
          <p class="pinned-stub">
            <Icon name="pushpin" />{' '}
            <a href={`#${messageElementId('p', message.id)}`}>
              <Visible text={message.view?.view.summary ?? message.text} />
            </a>{' '}
            <span class="context">is pinned to this channel and kept up to date there.</span>
          </p>
        ) : (
          <Body message={message} viewer={viewer} />
        )}
        {message.reactions.length > 0 && <Reactions message={message} viewer={viewer} />}
        {place === 'm' && message.replies > 0 && (
          <a class="replies" href={`/c/${message.channel}/t/${message.id}`}>
            {message.replies} {message.replies === 1 ? 'reply' : 'replies'}
          </a>
        )}
      </div>
      {!isPrivate && <Tools message={message} viewer={viewer} />}
    </article>
  );
};

/** What is pinned, in one line, for when the card is folded away. */
export const PinnedLine = ({
  channel,
  message,
}: {
  readonly channel: string;
  readonly message: WorkspaceMessage | null;
}) => (
  <span class="pinned-line" id={`pinned-line-${channel}`}>
    {message !== null && <Visible text={message.view?.view.summary ?? message.text} />}
  </span>
);

/** A pinned card, whole. */
export const Pinned = ({ message, viewer }: { readonly message: WorkspaceMessage; readonly viewer: Viewer }) => (
  <article class="pinned" id={messageElementId('p', message.id)} data-message={message.id} data-seq={message.seq}>
    <Body message={message} viewer={viewer} />
    <p class="context">
      As of <Time at={message.editedAt ?? message.sentAt} as="datetime" />
    </p>
  </article>
);
