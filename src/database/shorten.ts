/** Text of a database, as long as a report can carry: whoever wrote it may have meant to fill the memory. */

const mostCharacters = 10_000;

export function shorten(text: string): string {
  if (text.length <= mostCharacters) return text;
  return `${text.slice(0, mostCharacters)}… (${text.length - mostCharacters} more characters)`;
}
