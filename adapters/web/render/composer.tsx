import { Icon } from './icon.tsx';

/** Where text, commands, pastes and files go in. `thread` null is the channel itself. */
export const Composer = ({
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
