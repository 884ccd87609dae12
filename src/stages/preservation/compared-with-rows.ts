/** What is compared in a body → whether a row, or what was given, has a say in it. */
import { closingOf, type Range } from './clauses.js';
import { startOfStatement } from './given-on.js';
import { indexBy } from './index-by.js';
import { type BodyRead, words } from './moments.js';
import { isName, joinTexts, type Piece } from './read-pieces.js';

/** Variables to which nothing is given but constants and each other. */
export function notePoor(body: BodyRead): void {
  const { pieces, mentions, poor } = body;
  const assigned = pieces.flatMap(({ kind, text }, at) => {
    if (text === 'in' && pieces[at - 2]?.text === 'for') {
      const to = pieces.findIndex((piece, place) => place > at && piece.text === 'loop');
      const isCounted = pieces
        .slice(at, to)
        .some((piece, place) => piece.text === '.' && pieces[at + place + 1]?.text === '.');
      return [
        { name: pieces[at - 1]?.text ?? '', isPoor: isCounted && !hasARow(body, { from: at + 1, to }) },
      ];
    }
    const isOfVariable = kind === 'sign' && text === '=' && pieces[at - 1]?.text === ':';
    if (!isOfVariable && !(kind === 'word' && text === 'default')) return [];
    const name = mentions.find((one) => one.from === startOfStatement(pieces, at))?.whole;
    if (name === undefined || name.includes('.')) return [];
    let to = at + 1;
    while (to < pieces.length && pieces[to]?.text !== ';') to += 1;
    return [{ name, isPoor: !hasARow(body, { from: at + 1, to }) }];
  });
  for (const name of aliasesOfNoRow(body)) poor.add(name);
  const readInto = mentions.flatMap((one) =>
    /^(into|strict)$/.test(pieces[one.from - 1]?.text ?? '')
      ? [{ name: one.whole, isPoor: isReadFromNothing(body, one.from) }]
      : [],
  );
  const byName = indexBy([...assigned, ...readInto], ({ name }) => [name]);
  for (const [name, all] of byName) if (all.every((one) => one.isPoor)) poor.add(name);
}

/** `from generate_series(2031, 2040) as y (year)`: `y` and `year`. */
function aliasesOfNoRow(body: BodyRead): string[] {
  const { pieces } = body;
  return pieces.flatMap(({ text }, at): string[] => {
    if (!/^(generate_series|unnest)$/.test(text) || pieces[at + 1]?.text !== '(') return [];
    const end = closingOf(pieces, at + 1);
    if (hasARow(body, { from: at + 2, to: end })) return [];
    const alias = pieces[end + 1]?.text === 'as' ? end + 2 : end + 1;
    const isNamed = isName(pieces[alias]) && !keywords.test(pieces[alias]?.text ?? '');
    if (!isNamed) return [text];
    const columns =
      pieces[alias + 1]?.text === '(' ? pieces.slice(alias + 2, closingOf(pieces, alias + 1)) : [];
    return [alias, ...columns.map((_, place) => alias + 2 + place)].flatMap((place) =>
      isName(pieces[place]) ? [pieces[place]?.text ?? ''] : [],
    );
  });
}

/** `select make_date(2031, 1, 1) into a_day;` */
function isReadFromNothing(body: BodyRead, into: number): boolean {
  const { pieces } = body;
  const begins = startOfStatement(pieces, into);
  let ends = into;
  while (ends < pieces.length && pieces[ends]?.text !== ';') ends += 1;
  const isOfRows = pieces
    .slice(begins, ends)
    .some(
      ({ kind, text }) =>
        kind === 'word' && /^(from|insert|update|delete|returning|fetch|execute)$/.test(text),
    );
  return pieces[begins]?.text === 'select' && !isOfRows && !hasARow(body, { from: begins, to: into - 1 });
}

/** No row has the very time of a transaction but those that it writes. */
export function isEqualTo(pieces: readonly Piece[], at: number, { from, to }: Range): boolean {
  const isEqual = /^(=|distinct)$/.test(pieces[at]?.text ?? '') && !/^[<>]$/.test(pieces[at - 1]?.text ?? '');
  const isUnequal = pieces[at]?.text === '<' && pieces[at + 1]?.text === '>';
  if (!isEqual && !isUnequal) return false;
  const behind = at + (isUnequal || pieces[at + 1]?.text === 'from' ? 2 : 1);
  const before = /^!$/.test(pieces[at - 1]?.text ?? '') ? at - 1 : at;
  return to === before || from === behind;
}

const keywords =
  /^(and|or|not|null|true|false|is|in|like|ilike|similar|to|between|symmetric|case|when|then|else|end|any|all|some|distinct|from|exists|select|array|row|cast|as|collate|at|time|zone|with|without|interval|timestamp|timestamptz|escape|get|stacked|diagnostics|if|for|loop)$/;

/** `new.at - new.at`, either. */
function isTakenFromItself(
  pieces: readonly Piece[],
  mentions: BodyRead['mentions'],
  { start, at }: { readonly start: number; readonly at: number },
): boolean {
  const itself = joinTexts(pieces, start, at + 1);
  const isMinus = (place: number) => pieces[place]?.text === '-';
  return mentions.some(
    (one) =>
      joinTexts(pieces, one.from, one.at + 1) === itself &&
      ((isMinus(at + 1) && one.from === at + 2) || (isMinus(start - 1) && one.at === start - 2)),
  );
}

/** Whether what it compares is a column, something that was read or given, or what a function makes of rows. */
export function hasARow({ pieces, mentions, given, poor, around }: BodyRead, { from, to }: Range): boolean {
  return mentions.some(({ name, whole, schema, isWord, from: start, at }) => {
    if (start < from || at >= to) return false;
    if (pieces[at + 1]?.text === '(') return around.answersByRows(whole);
    if (isTakenFromItself(pieces, mentions, { start, at })) return false;
    if (isWord && (keywords.test(name) || words.includes(name) || /^tg_/.test(name))) return false;
    const last = pieces[start - 1]?.text ?? '';
    // The name of a type, `x::date`, `cast(x as date)`, `numeric '1'`; of a part of a time, `interval '1' year`, `extract(year from x)`.
    if (
      (last === ':' && pieces[start - 2]?.text === ':') ||
      last === 'as' ||
      pieces[at + 1]?.kind === 'string'
    )
      return false;
    if (isWord && (pieces[start - 1]?.kind === 'string' || pieces[at + 1]?.text === 'from')) return false;
    const held = given.get(whole);
    if (held !== undefined && held.since < start) return false;
    return !(schema === null && poor.has(name));
  });
}
