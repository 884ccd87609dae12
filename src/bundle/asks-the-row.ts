/** A SQL expression → whether it names anything of a row: one that does not says the same of every row. */
import { readTokens } from './read-tokens.js';

const constants =
  /^(true|false|null|and|or|not|is|distinct|from|in|between|like|ilike|similar|any|all|some|case|when|then|else|end|cast|as|array|row|current_\w+|interval|date|timestamp|timestamptz|text|uuid|numeric|int|integer|bigint|boolean)$/i;

export function asksTheRow(expression: string): boolean {
  const tokens = [...readTokens(expression)].filter(({ kind }) => kind !== 'space');
  return tokens.some(({ kind, from, to }, place) => {
    const text = expression.slice(from, to);
    if (kind !== 'word' && !text.startsWith('"')) return false;
    const [before, next] = [tokens[place - 1], tokens[place + 1]];
    const isType = before !== undefined && expression.slice(before.from, before.to) === ':';
    const isQualifier = next !== undefined && expression.slice(next.from, next.to) === '.';
    return !isType && !isQualifier && next?.kind !== 'open' && !constants.test(text);
  });
}
