/** A row as Postgres writes it, `(1,"a ""b""",)`, and the names of its columns → its values, null where there is none. */

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
      at += 1;
      isNull = false;
      if (character === '\\') {
        value += text[at] ?? '';
        at += 1;
      } else if (character !== '"') value += character;
      else if (isQuoted && text[at] === '"') {
        value += '"';
        at += 1;
      } else isQuoted = !isQuoted;
    }
    at += 1;
    values.set(column, isNull ? null : value);
  }
  return values;
}
