/** A length as people say it: `42 s`, `17 min`, `3 h 5 min`, `2 d 4 h`; `none` for null. */
export function lengthText(ms: number | null): string {
  if (ms === null) return 'none';
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return `${Math.round(ms / 1000)} s`;
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
