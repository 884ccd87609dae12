/** Numbers and what is counted, as people read them. */

const thousands = new Intl.NumberFormat('en-US');

/** `12,408` */
export function count(number: number): string {
  return thousands.format(number);
}

/** `1 state`, `12 states`. */
export function counted(number: number, singular: string, plural = `${singular}s`): string {
  return `${count(number)} ${number === 1 ? singular : plural}`;
}
