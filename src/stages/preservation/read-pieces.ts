/** The SQL of an object → its words, names, strings and signs, one behind the other. */
import { readTokens } from '../../bundle/read-tokens.js';
import { bareOf } from './read-objects.js';

export interface Piece {
  readonly kind: 'word' | 'name' | 'string' | 'sign';
  /** A word in lower case, a name and a string without their quotes. */
  readonly text: string;
}

/** Without space and comments; the text of a function, which stands in dollars, as if it stood there. */
export function readPieces(text: string): Piece[] {
  const pieces: Piece[] = [];
  for (const { kind, from, to } of readTokens(text)) {
    const own = text.slice(from, to);
    if (kind === 'space' || kind === 'unclosed') continue;
    const tag = /^\$\w*\$/.exec(own)?.[0];
    if (kind === 'word') pieces.push({ kind: 'word', text: own.toLowerCase() });
    else if (own.startsWith('"')) pieces.push({ kind: 'name', text: own.slice(1, -1).replaceAll('""', '"') });
    else if (tag !== undefined && own.length > tag.length)
      pieces.push(...readPieces(own.slice(tag.length, -tag.length)));
    else if (own.endsWith("'") && own.length > 1) pieces.push({ kind: 'string', text: readString(own) });
    else pieces.push({ kind: 'sign', text: own });
  }
  return pieces;
}

/** `'it''s'`, `E'\\x72ole'`. */
function readString(quoted: string): string {
  const text = quoted.replace(/^[eE]?'|'$/g, '').replaceAll("''", "'");
  if (quoted.startsWith("'")) return text;
  return text.replace(
    /\\(?:x([0-9a-f]{1,2})|u([0-9a-f]{4})|U([0-9a-f]{8})|([0-7]{1,3})|(.))/gis,
    (_, byte, short, long, octal, itself) =>
      itself ??
      String.fromCodePoint(
        octal === undefined ? Number.parseInt(byte ?? short ?? long, 16) : Number.parseInt(octal, 8),
      ),
  );
}

export const isName = (piece: Piece | undefined): boolean => piece?.kind === 'word' || piece?.kind === 'name';

/** Their texts, one at the other, without the one at `to`. */
export const joinTexts = (pieces: readonly Piece[], from: number, to: number): string =>
  pieces
    .slice(Math.max(0, from), to)
    .map(({ text }) => text)
    .join('');

/** A name with the schema before it, and the place of its last piece. */
export interface Mention {
  readonly schema: string | null;
  readonly name: string;
  readonly at: number;
  /** Whether it stands alone and without quotes, as the words of SQL itself do. */
  readonly isWord: boolean;
}

export function readMention(pieces: readonly Piece[], from: number): Mention {
  let at = from;
  while (pieces[at + 1]?.text === '.' && isName(pieces[at + 2])) at += 2;
  return {
    schema: at === from ? null : (pieces[at - 2]?.text ?? null),
    name: pieces[at]?.text ?? '',
    at,
    isWord: at === from && pieces[at]?.kind === 'word',
  };
}

/** Whether it may stand for the table, `schema.name`. */
export const isMentionOf = ({ schema, name }: Mention, table: string): boolean =>
  name === bareOf(table) && (schema === null || `${schema}.${name}` === table);

/** Every name that is written there: its place, and as `schema.name`, or the name alone. */
export function* mentionsIn(
  pieces: readonly Piece[],
): Generator<Mention & { readonly from: number; readonly whole: string }> {
  for (let from = 0; from < pieces.length; from += 1) {
    if (!isName(pieces[from])) continue;
    const mention = readMention(pieces, from);
    const { schema, name, at } = mention;
    yield { ...mention, from, whole: schema === null ? name : `${schema}.${name}` };
    from = at;
  }
}

/** Whether the name of a table may stand there, read or written. */
export const standsAsATable = (pieces: readonly Piece[], at: number): boolean =>
  /^(from|join|only|update|into|using|,)$/.test(pieces[at - 1]?.text ?? '');
