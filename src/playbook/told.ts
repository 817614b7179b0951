// What a notice step is settled with: the notices that were sent, or a person's word why it is done without one.
import type { SentNotice, Step, Told } from './types.ts';

const LONGEST_REASON = 4000;

/** What was told with a notice step, or what to do first. Each audience of the step takes a sent notice, else a reason. */
export function toldWith(
  step: Step,
  given: { readonly notices?: readonly string[]; readonly without?: string },
  sent: readonly SentNotice[],
): Told | string {
  const notices = [...new Set(given.notices ?? [])];
  const unsent = notices.find((key) => !sent.some((n) => n.key === key));
  if (unsent !== undefined)
    return `${unsent} was not sent, or was taken back. Send it first ("notice send"), or say why this is done without it.`;
  const without = step.notices.map((n) => n.audience).filter((to) => !sent.some((n) => isFor(n, to, notices)));
  const reason = (given.without ?? '').trim();
  if (without.length > 0 && reason === '')
    return `No notice to ${without.join(', ')} is named that was sent. Send one ("notice draft ${without[0]}"), or say in one sentence why this is done without.`;
  if (reason.length > LONGEST_REASON)
    return `The reason is over ${LONGEST_REASON} characters. Keep the long text as evidence and cite it.`;
  return { notices, without: [...new Set(without)], reason };
}

const isFor = (notice: SentNotice, audience: string, among: readonly string[]): boolean =>
  notice.audience === audience && among.includes(notice.key);

/** What was told, as half a sentence. */
export function toldWords({ notices, without, reason }: Told): string {
  const said = notices.length > 0 ? `${notices.join(', ')} ${notices.length === 1 ? 'was' : 'were'} sent` : '';
  const unsaid = without.length > 0 ? `WITHOUT a notice to ${without.join(', ')}` : '';
  const why = reason === '' ? '' : `: ${reason}`;
  return `${[said, unsaid].filter((part) => part !== '').join('; ')}${why}`;
}
