// Server time is UTC; readers read their own. UTC stays on hover, as the server wrote it.

const FORMATS: Readonly<Record<string, Intl.DateTimeFormatOptions>> = {
  date: { day: 'numeric', month: 'short', year: 'numeric' },
  time: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  datetime: { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
};

const isToday = (date: Date): boolean => date.toDateString() === new Date().toDateString();

/** Shows every time inside in the reader's zone; today's without its date. */
export function localiseTimes(root: ParentNode): void {
  for (const element of root.querySelectorAll('time[data-as]')) {
    const date = new Date(element.getAttribute('datetime') ?? '');
    if (Number.isNaN(date.getTime())) continue;
    const wanted = element.getAttribute('data-as') ?? 'datetime';
    const as = wanted === 'datetime' && isToday(date) ? 'time' : wanted;
    element.textContent = new Intl.DateTimeFormat('en-GB', FORMATS[as]).format(date);
  }
}
