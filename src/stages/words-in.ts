/** A text of SQL → the names that it may mention, each as it stands and as Postgres folds it, without its quotes. */
export function wordsIn(text: string): ReadonlySet<string> {
  const words = text.match(/"[^"]+"|[\p{L}_][\p{L}\p{N}_$]*/gu) ?? [];
  return new Set(words.flatMap((word) => [word.replaceAll('"', ''), word.toLowerCase()]));
}
