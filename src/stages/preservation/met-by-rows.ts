/** What a policy compares a column with → whether some rows are this way and others that way: then people were tried with either. */
import { quoteIdentifier } from '../../database/quote.js';
import type { Session } from '../../database/with-session.js';
import { openAround } from './clauses.js';
import type { Bound } from './read-bounds.js';
import { isName, type Piece } from './read-pieces.js';
import type { Shape } from './read-shapes.js';

export interface Compared {
  readonly column: string;
  /** `=` and its opposites alike, `<` and whatever asks for an order, `null`, or `true`. */
  readonly by: '=' | '<' | 'null' | 'true';
  readonly value: string;
}

/** Of each that stands for a constant beside a column; `at` is its place. */
export function readCompared(pieces: readonly Piece[], at: number, { column }: Bound): Compared | null {
  const { kind, text } = pieces[at] as Piece;
  if (kind === 'word')
    return {
      column,
      by: text === 'is' && pieces.slice(at + 1, at + 3).some((one) => one.text === 'null') ? 'null' : 'true',
      value: '',
    };
  let value = text;
  if (kind === 'sign')
    for (let next = at + 1; /^[\d.]$/.test(pieces[next]?.text ?? ''); next += 1) value += pieces[next]?.text;
  const sign = beforeTheConstant(pieces, at);
  const first = beforeTheSign(pieces, sign);
  const operator = pieces
    .slice(first + 1, sign + 1)
    .map((one) => one.text)
    .join('');
  const by = /^(=|<>|!=|is(not)?distinctfrom)$/.test(operator) ? '=' : /^[<>]=?$/.test(operator) ? '<' : null;
  const name = beforeTheCast(pieces, first);
  return by === null || !isName(pieces[name]) ? null : { column: pieces[name]?.text ?? '', by, value };
}

/** `= ANY (ARRAY['a'::text, 'b'` → the place of `=`. */
function beforeTheConstant(pieces: readonly Piece[], from: number): number {
  let at = from - 1;
  while (/^[,:]$/.test(pieces[at]?.text ?? '') || pieces[at]?.kind === 'string' || isOfACast(pieces, at))
    at -= 1;
  if (pieces[at]?.text !== '[') at = from - 1;
  while (/^(\[|array|\(|any)$/.test(pieces[at]?.text ?? '')) at -= 1;
  return at;
}

function beforeTheSign(pieces: readonly Piece[], from: number): number {
  let at = from;
  const isOfIt = /^[=<>!]$/.test(pieces[at]?.text ?? '') ? /^[=<>!]$/ : /^(is|not|distinct|from)$/;
  while (isOfIt.test(pieces[at]?.text ?? '')) at -= 1;
  return at;
}

/** `(m.role)::character varying` → the place of `role`. */
function beforeTheCast(pieces: readonly Piece[], from: number): number {
  let at = from;
  for (; pieces[at]?.text === ')' || isOfACast(pieces, at); at -= 1) {
    const call = pieces[at]?.text === ')' ? pieces[openAround(pieces, at) - 1] : undefined;
    if (isName(call) && !/^(where|and|or|not|when|on)$/.test(call?.text ?? '')) return -1;
  }
  return at;
}

function isOfACast(pieces: readonly Piece[], at: number): boolean {
  if (pieces[at]?.text === ':') return true;
  let first = at;
  while (isName(pieces[first - 1])) first -= 1;
  if (pieces[first - 1]?.text === '.') first -= 2;
  return isName(pieces[at]) && pieces[first - 1]?.text === ':';
}

/** Whether the two are alike in some rows and not in others. */
export async function isMetBetween(
  session: Session,
  pair: readonly [string, string],
  relation: string,
): Promise<boolean> {
  const [one, other] = pair.map(quoteIdentifier);
  return isBothWays(session, `${one}::text = ${other}::text`, { relation, values: [] });
}

async function isBothWays(
  session: Session,
  said: string,
  { relation, values }: { readonly relation: string; readonly values: readonly string[] },
): Promise<boolean> {
  const { rows } = await session.query<{ met: boolean | null }>(
    `select pg_catalog.bool_or(said) and pg_catalog.bool_or(not said) as met
     from (select coalesce(${said}, false) as said from ${relation}) as row`,
    [...values],
  );
  return rows[0]?.met === true;
}

/** One of the tables is enough: by its name alone nobody knows of which of them the column is. */
export async function isMet(
  session: Session,
  { column, by, value }: Compared,
  tables: readonly Shape[],
): Promise<boolean> {
  for (const { relation, isReadable, columns } of tables) {
    const found = columns.find(({ name }) => name === column);
    if (found === undefined || !isReadable || (by === '<' && found.category !== 'N')) continue;
    const name = quoteIdentifier(column);
    const said = {
      '=': `${name}::text = $1`,
      '<': `${name}::numeric < $1::numeric`,
      null: `${name} is null`,
      true: `${name}::text = 'true'`,
    }[by];
    const values = by === '=' || by === '<' ? [value] : [];
    if (await isBothWays(session, said, { relation, values })) return true;
  }
  return false;
}
