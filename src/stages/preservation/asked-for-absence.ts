/** The SQL of a policy or of a function under it → whether it asks that a table has no row of whoever asks. */
import { closingOf, openAround } from './clauses.js';
import { isMentionOf, mentionsIn, type Piece, standsAsATable } from './read-pieces.js';
import { whatBecomesOf } from './what-becomes-of.js';

/** `asked`: columns by which it is told whose a row is; none: it may be anybody's. */
export function asksForAbsence(
  pieces: readonly Piece[],
  table: string,
  {
    asked,
    isOfAFunction,
    isTurned: isAllTurned,
  }: { readonly asked: readonly string[]; readonly isOfAFunction: boolean; readonly isTurned: boolean },
): boolean {
  const mentions = [...mentionsIn(pieces)];
  return mentions.some(
    (one) =>
      isMentionOf(one, table) &&
      standsAsATable(pieces, one.from) &&
      (isAllTurned || isTurned(pieces, one.from)) &&
      (asked.length === 0 ||
        mentions.some(
          ({ name, from, at }) =>
            asked.includes(name) && (isOfAFunction || isBesideACall(pieces, { from, to: at + 1 })),
        )),
  );
}

/** `person = auth.uid()` */
function isBesideACall(
  pieces: readonly Piece[],
  place: { readonly from: number; readonly to: number },
): boolean {
  const { within } = whatBecomesOf(pieces, place);
  return pieces
    .slice(within.from, within.to)
    .some(
      ({ text }, at) =>
        text === 'current_setting' || (text === '(' && pieces[within.from + at + 1]?.text === ')'),
    );
}

/** Whether what stands there is so where there is no row: `not exists (…)`, `not in (…)`, `<> all (…)`, `(select count(*) …) = 0`, `(…) is null`. */
export function isTurned(pieces: readonly Piece[], from: number): boolean {
  const text = (at: number) => pieces[at]?.text ?? '';
  if (/^(left|full)$/.test(text(from - 2)) || /^(left|full)outer$/.test(text(from - 3) + text(from - 2)))
    return true;
  for (let open = openAround(pieces, from); open >= 0; open = openAround(pieces, open)) {
    const close = closingOf(pieces, open);
    const first = text(open + 3) === '.' ? text(open + 4) : text(open + 2);
    if (
      text(open - 1) === 'not' ||
      text(open - 2) === 'not' ||
      text(open - 1) === 'all' ||
      (text(open - 1) === 'coalesce' && text(close - 1) === 'true') ||
      (text(open + 1) === 'select' && /^(count|coalesce|not|bool_and|bool_or|every)$/.test(first)) ||
      (text(close + 1) === 'is' && text(close + 2) !== 'true') ||
      (text(close + 1) === '=' && text(close + 2) === 'false')
    )
      return true;
  }
  return pieces.some((_, at) => text(at) === 'found' && text(at - 1) === 'not');
}
