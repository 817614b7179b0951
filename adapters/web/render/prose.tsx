import type { ChannelRef, Inline, Prose as ProseRuns, TimeAs } from '../../../src/view/types.ts';
import type { Viewer } from './viewer.ts';
import { Visible, visibleText } from './visible.tsx';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function utc(date: Date, as: TimeAs): string {
  const time = date.toISOString().slice(11, as === 'exact' ? 19 : 16);
  const day = `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
  return as === 'time' ? `${time} UTC` : as === 'date' ? day : `${day} ${time} UTC`;
}

/** A time in UTC, which the browser turns into the reader's own; UTC to the millisecond stays on hover. What is no time is shown as it stands. */
export const Time = ({ at, as }: { readonly at: string; readonly as: TimeAs }) => {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return <Visible text={at} />;
  return (
    <time datetime={date.toISOString()} title={`${date.toISOString().slice(0, -1).replace('T', ' ')} UTC`} data-as={as}>
      {utc(date, as)}
    </time>
  );
};

/** A way to a channel that the reader can see. */
const Channel = ({ channel, viewer }: { readonly channel: ChannelRef; readonly viewer: Viewer | undefined }) =>
  channel.platform === 'web' && viewer?.canSee(channel.id) === true ? (
    <a href={`/c/${encodeURIComponent(channel.id)}`}>
      <Visible text={`#${channel.id}`} />
    </a>
  ) : (
    <Visible text={channel.label} />
  );

const Run = ({ run, viewer }: { readonly run: Inline; readonly viewer: Viewer | undefined }) => {
  switch (run.kind) {
    case 'plain':
      return <Visible text={run.text} />;
    case 'strong':
      return (
        <strong>
          <Visible text={run.text} />
        </strong>
      );
    case 'code':
      return (
        <code>
          <Visible text={run.text} />
        </code>
      );
    case 'untrusted':
      return (
        <bdi class="untrusted">
          <Visible text={run.text} />
        </bdi>
      );
    case 'time':
      return <Time at={run.at} as={run.as} />;
    case 'person':
      return (
        <span class="person" title={visibleText(`${run.person.platform} ${run.person.tenant} ${run.person.id}`)}>
          <Visible text={run.person.label} />
        </span>
      );
    case 'channel':
      return <Channel channel={run.channel} viewer={viewer} />;
  }
};

/** Runs of text, in order; with a viewer, channels are links. */
export const Prose = ({ prose, viewer }: { readonly prose: ProseRuns; readonly viewer?: Viewer }) => (
  <>
    {prose.map((run) => (
      <Run run={run} viewer={viewer} />
    ))}
  </>
);
