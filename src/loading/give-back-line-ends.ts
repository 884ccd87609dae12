/** The statements of a file whose lines all end in `\r\n`, read with `\n` → the same, with what is quoted as it stands in the file. */
import type { ScriptItem } from '../before/read-statements.js';
import { rewriteTokens } from '../bundle/rewrite-tokens.js';

/** As psql sends them: a text of two lines keeps the carriage return between them. Rows of COPY do not, for Postgres ends rows by it. */
export async function* giveBackLineEnds(items: AsyncIterable<ScriptItem>): AsyncGenerator<ScriptItem> {
  for await (const item of items) {
    yield item.kind === 'statement' && item.text.includes('\n') ? { ...item, text: quoted(item.text) } : item;
  }
}

function quoted(text: string): string {
  return rewriteTokens(text, (token, kind) => (kind === 'other' ? token.replaceAll('\n', '\r\n') : token));
}
