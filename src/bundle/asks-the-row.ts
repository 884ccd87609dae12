/** A SQL expression → whether it names anything of a row: one that does not says the same of every row. */
import { readTokens } from './read-tokens.js';

const constants =
  /^(true|false|null|and|or|not|is|distinct|from|in|between|like|ilike|similar|any|all|some|case|when|then|else|end|cast|as|array|row|current_\w+|interval|date|timestamp|timestamptz|text|uuid|numeric|int|integer|bigint|boolean)$/i;

export function asksTheRow(expression: string): boolean {
  const tokens = [...readTokens(expression)].filter(({ kind }) => kind !== 'space');
  const textAt = (place: number) => expression.slice(tokens[place]?.from, tokens[place]?.to ?? 0);
  return tokens.some(({ kind, from, to }, place) => {
    const text = expression.slice(from, to);
    if (kind !== 'word' && !text.startsWith('"')) return false;
    const isQualified = textAt(place - 1) === '.';
    // A fact or a column may be called as a type is.
    const isConstant = constants.test(text) && (!isQualified || /^pg_\w+$/.test(textAt(place - 2)));
    const isType = textAt(isQualified ? place - 3 : place - 1) === ':';
    return !isType && !isConstant && textAt(place + 1) !== '.' && tokens[place + 1]?.kind !== 'open';
  });
}
