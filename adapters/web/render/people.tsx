import { Icon } from './icon.tsx';
import type { Viewer } from './viewer.ts';
import { Visible, visibleText } from './visible.tsx';

/** Who sees a private channel, and letting somebody else in. */
export const People = ({
  channel,
  members,
  viewer,
}: {
  readonly channel: string;
  readonly members: readonly string[];
  readonly viewer: Viewer;
}) => {
  const others = [...viewer.people.values()].filter((person) => !members.includes(person.id));
  return (
    <details class="menu push">
      <summary class="tool" title="People in this channel">
        <Icon name="people" />
        <span class="sr-only">People in this channel</span>
      </summary>
      <form class="menu-box form" data-invite={channel}>
        <ul aria-label="People in this channel">
          {members.map((id) => (
            <li>
              <Visible text={viewer.people.get(id)?.label ?? id} />
            </li>
          ))}
        </ul>
        <div class="field">
          <label for="invite">Let somebody in</label>
          <select id="invite" name="person" required>
            <option value="">Choose a person ...</option>
            {others.map((person) => (
              <option value={person.id}>{visibleText(person.label)}</option>
            ))}
          </select>
        </div>
        <button type="submit" class="button primary small">
          Let in
        </button>
      </form>
    </details>
  );
};
