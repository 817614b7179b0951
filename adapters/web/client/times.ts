// Server time is UTC; readers read their own. UTC stays on hover, as the server wrote it.

const FORMATS: Readonly<Record<string, Intl.DateTimeFormatOptions>> = {
  date: { day: 'numeric', month: 'short', year: 'numeric' },
  time: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  // In a table rows are compared, and events of one minute have an order.
  row: {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  },
  exact: {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  },
  datetime: { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
};

const isToday = (date: Date): boolean => date.toDateString() === new Date().toDateString();

function shape(element: Element, date: Date): string {
  const wanted = element.getAttribute('data-as') ?? 'datetime';
  if (wanted !== 'datetime' && wanted !== 'exact') return wanted;
  if (element.closest('td') !== null) return date.getFullYear() === new Date().getFullYear() ? 'row' : 'exact';
  if (wanted === 'exact') return wanted;
  return isToday(date) ? 'time' : wanted;
}

/** Shows every time inside in the reader's zone; today's without its date. */
export function localiseTimes(root: ParentNode): void {
  for (const element of root.querySelectorAll('time[data-as]')) {
    const date = new Date(element.getAttribute('datetime') ?? '');
    if (Number.isNaN(date.getTime())) continue;
    element.textContent = new Intl.DateTimeFormat('en-GB', FORMATS[shape(element, date)]).format(date);
  }
}
