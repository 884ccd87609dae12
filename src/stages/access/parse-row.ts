/** A row as Postgres writes it, `(1,"a ""b""",)`, and the names of its columns → its values, null where there is none. */

/** What stands outside of quotes, or within, up to what means something else there. */
const plain = /[^,)"\\]+/y;
const quoted = /[^"\\]+/y;

export function parseRow(text: string, columns: readonly string[]): Map<string, string | null> {
  const values = new Map<string, string | null>();
  let at = 1;
  for (const column of columns) {
    let value = '';
    let isNull = true;
    let isQuoted = false;
    while (at < text.length) {
      const character = text[at] as string;
      if (!isQuoted && (character === ',' || character === ')')) break;
      isNull = false;
      const run = isQuoted ? quoted : plain;
      run.lastIndex = at;
      const found = run.exec(text);
      if (found !== null) {
        value += found[0];
        at = run.lastIndex;
        continue;
      }
      at += 1;
      if (character === '\\') {
        value += text[at] ?? '';
        at += 1;
      } else if (isQuoted && text[at] === '"') {
        value += '"';
        at += 1;
      } else isQuoted = !isQuoted;
    }
    at += 1;
    values.set(column, isNull ? null : value);
  }
  return values;
}
