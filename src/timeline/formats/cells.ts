// Cells of a row that is parted by one character.

/** Splits a row at its separator; quoted cells may hold it. */
export function splitCells(text: string, separator: string): string[] {
  const cells: string[] = [];
  let at = 0;
  while (at <= text.length && cells.length < 500) {
    if (text[at] === '"') {
      let end = at + 1;
      let cell = '';
      for (;;) {
        const quote = text.indexOf('"', end);
        if (quote === -1) {
          cell += text.slice(end);
          end = text.length;
          break;
        }
        cell += text.slice(end, quote);
        if (text[quote + 1] !== '"') {
          end = quote + 1;
          break;
        }
        cell += '"';
        end = quote + 2;
      }
      cells.push(cell);
      const next = text.indexOf(separator, end);
      at = next === -1 ? text.length + 1 : next + 1;
    } else {
      const next = text.indexOf(separator, at);
      cells.push(text.slice(at, next === -1 ? text.length : next).trim());
      at = next === -1 ? text.length + 1 : next + 1;
    }
  }
  return cells;
}
