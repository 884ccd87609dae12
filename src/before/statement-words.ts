/** A statement → the words that it begins with, past comments: what it is and what it speaks of. */

export interface Token {
  readonly kind: 'word' | 'name' | 'string' | 'sign';
  /** Words in lower case, quoted names and strings without their quotes. */
  readonly text: string;
}

const token =
  /(--[^\n]*|\/\*[\s\S]*?\*\/)|"((?:[^"]|"")*)"|[eE]?'((?:[^']|'')*)'|([A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)|(\d[\w.]*|[^\s])/gy;

/** The first tokens of a statement: enough to say what it is, however long its body. */
export function firstTokens(statement: string, most = 400): Token[] {
  const tokens: Token[] = [];
  token.lastIndex = 0;
  let index = 0;
  while (tokens.length < most) {
    while (/\s/.test(statement[index] ?? '')) index += 1;
    token.lastIndex = index;
    const found = token.exec(statement);
    if (found === null) break;
    index = token.lastIndex;
    const [, hidden, name, string, word, sign] = found;
    if (hidden !== undefined) continue;
    if (name !== undefined) tokens.push({ kind: 'name', text: name.replaceAll('""', '"') });
    else if (string !== undefined) tokens.push({ kind: 'string', text: string.replaceAll("''", "'") });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word.toLowerCase() });
    else tokens.push({ kind: 'sign', text: sign ?? '' });
  }
  return tokens;
}

/** Whether rows follow it: `copy … from stdin`. */
export function isCopyFromStdin(statement: string): boolean {
  if (!/^copy\b/i.test(statement)) return false;
  const tokens = firstTokens(statement, 10_000);
  const from = tokens.findIndex((token) => isWord(token, 'from'));
  return isWord(tokens[from + 1], 'stdin');
}

/** true: from here on a backslash escapes in a plain string; null: it does not say. */
export function turnsBackslashes(statement: string): boolean | null {
  const found = /^set\s+(?:session\s+)?standard_conforming_strings\s*(?:=|\bto\b)\s*'?(on|off)\b/i.exec(
    statement,
  );
  return found === null ? null : found[1]?.toLowerCase() === 'off';
}

export function isWord(token: Token | undefined, ...words: readonly string[]): boolean {
  return token?.kind === 'word' && words.includes(token.text);
}
