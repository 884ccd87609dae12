/** Numbers and what is counted, as people read them. */

const thousands = new Intl.NumberFormat('en-US');

/** `12,408` */
export function count(number: number): string {
  return thousands.format(number);
}

/** The first of them, `a, b and 12 more`: a list that is to be read. */
export function some(items: readonly string[], most: number, between = ', '): string {
  const more = items.length > most ? ` and ${count(items.length - most)} more` : '';
  return `${items.slice(0, most).join(between)}${more}`;
}

/** `1 state`, `12 states`. */
export function counted(number: number, singular: string, plural = `${singular}s`): string {
  return `${count(number)} ${number === 1 ? singular : plural}`;
}
