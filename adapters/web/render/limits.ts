/** How much of a long element stands open; the rest is folded away on the same message and counted. */
export const LIMITS = { tableRows: 40, listItems: 40, fields: 60, quoteLines: 40, codeLines: 60 } as const;

/** The first `limit` of something and the rest. */
export const cut = <Item>(items: readonly Item[], limit: number): readonly [readonly Item[], readonly Item[]] => [
  items.slice(0, limit),
  items.slice(limit),
];

/** `1,204 more rows`. */
export const more = (count: number, one: string, many: string): string =>
  `${count.toLocaleString('en')} more ${count === 1 ? one : many}`;
