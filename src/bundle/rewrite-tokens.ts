/** SQL text, and how each of its tokens is to be written → the text anew. */
import { readTokens, type Token } from './read-tokens.js';

export function rewriteTokens(text: string, write: (token: string, kind: Token['kind']) => string): string {
  let whole = '';
  for (const { kind, from, to } of readTokens(text)) whole += write(text.slice(from, to), kind);
  return whole;
}

/** With a space for each comment, as Postgres reads it; lines stay as they are counted. `write` is of the other tokens. */
export function withoutComments(text: string, write: (token: string) => string = (token) => token): string {
  return rewriteTokens(text, (token, kind) =>
    kind === 'space' || kind === 'unclosed' ? token.replace(/[^\n]+/g, ' ') : write(token),
  );
}

/** Nor what strings say, but of those that are kept. */
export function withoutStrings(text: string, isKept: (token: string) => boolean = () => false): string {
  return withoutComments(text, (token) =>
    isString(token) && !isKept(token) ? token.replace(/[^\n]/g, ' ') : token,
  );
}

/** A string in quotes; what stands between dollars is none, for it may be a block that runs. */
export function isString(token: string): boolean {
  return /^e?'/i.test(token);
}
