/** A text of SQL → the names that it may mention, each as it stands and as Postgres folds it, without its quotes. */
export function wordsIn(text: string): ReadonlySet<string> {
  return bothWays(text.match(word) ?? []);
}

/** Those of them that may be a column: not where it only names the row of which a column is read, `from rooms as room where room.id = 1`. */
export function columnWordsIn(text: string): ReadonlySet<string> {
  const names = [...text.matchAll(word)].filter(({ 0: name, index }) => {
    const before = text.slice(Math.max(0, index - 16), index);
    const isQualifier = /^\s*\.(?!\.)/.test(text.slice(index + name.length)) && !/\.\s*$/.test(before);
    // A line that ends in a comment gives no name to what stands on the next.
    return !isQualifier && !/\bas[^\S\n\r]+$/i.test(before);
  });
  return bothWays(names.map(([name]) => name));
}

const word = /"[^"]+"|[\p{L}_][\p{L}\p{N}_$]*/gu;

const bothWays = (words: readonly string[]): ReadonlySet<string> =>
  new Set(words.flatMap((one) => [one.replaceAll('"', ''), one.toLowerCase()]));
