/** The tokens of a statement → reading them one after the other, as far as a grammar of a few words goes. */
import type { Token } from '../before/statement-words.js';

export interface TokenReader {
  /** The next token, if it is a word. */
  word(): string | null;
  /** The next word, if it is one of these. */
  take(...words: readonly string[]): string | null;
  /** Whether the next word, or the one `ahead` of it, is this. */
  isAt(word: string, ahead?: number): boolean;
  /** Goes past the next word of this kind outside of parentheses; false, and nothing read: there is none. */
  skipTo(word: string): boolean;
  /** `schema.name` in its parts, past `if exists`, `if not exists` and `only`; empty: no name stands here. */
  name(): readonly string[];
  /** Names between commas; the arguments of a function are passed over. */
  names(): readonly (readonly string[])[];
  /** The new owner, where `owner to` is the only thing that the statement says of its object. */
  onlyOwner(): string | null;
  /** Whether what remains is one pair of parentheses, and what may stand behind a call. */
  isOneCall(): boolean;
  /** Whether a pair of parentheses is next, and a `from` behind it. */
  isCallFrom(): boolean;
  firstString(): string | null;
  /** The next token, if it is a text in quotes. */
  string(): string | null;
  /** `('text', …)`; null: no such list stands here. */
  strings(): readonly string[] | null;
  /** `(name = value, name, …)`, names and values in turn, `true` where there is none; null: no such list stands here. */
  options(): readonly string[] | null;
  isAtEnd(): boolean;
}

export function readTokens(tokens: readonly Token[]): TokenReader {
  let at = 0;
  const isWordAt = (index: number, ...words: readonly string[]) => {
    const token = tokens[index];
    return token?.kind === 'word' && words.includes(token.text);
  };
  const isSignAt = (index: number, sign: string) =>
    tokens[index]?.kind === 'sign' && tokens[index]?.text === sign;
  /** The index behind the parenthesis that closes the one at `index`. */
  const behindParentheses = (index: number) => {
    let depth = 0;
    for (let next = index; next < tokens.length; next += 1) {
      if (isSignAt(next, '(')) depth += 1;
      if (isSignAt(next, ')')) depth -= 1;
      if (depth === 0) return next + 1;
    }
    return tokens.length;
  };
  const part = () => {
    const token = tokens[at];
    if (token?.kind !== 'word' && token?.kind !== 'name') return null;
    at += 1;
    return token.text;
  };

  const reader: TokenReader = {
    word() {
      const token = tokens[at];
      if (token?.kind !== 'word') return null;
      at += 1;
      return token.text;
    },
    take(...words) {
      return isWordAt(at, ...words) ? reader.word() : null;
    },
    isAt(word, ahead = 0) {
      return isWordAt(at + ahead, word);
    },
    skipTo(word) {
      for (let index = at; index < tokens.length; index += 1) {
        if (isSignAt(index, '(')) index = behindParentheses(index) - 1;
        else if (isWordAt(index, word)) {
          at = index + 1;
          return true;
        }
      }
      return false;
    },
    name() {
      if (reader.take('if') !== null) {
        reader.take('not');
        reader.take('exists');
      }
      reader.take('only');
      const parts: string[] = [];
      for (let next = part(); next !== null; next = part()) {
        parts.push(next);
        if (!isSignAt(at, '.')) break;
        at += 1;
      }
      return parts;
    },
    names() {
      const names: (readonly string[])[] = [];
      do {
        const name = reader.name();
        if (name.length === 0) break;
        names.push(name);
        if (isSignAt(at, '(')) at = behindParentheses(at);
        if (!isSignAt(at, ',')) break;
        at += 1;
      } while (at < tokens.length);
      return names;
    },
    onlyOwner() {
      const index = tokens.length - 3;
      if (!isWordAt(index, 'owner') || !isWordAt(index + 1, 'to')) return null;
      for (let next = at; next < index; next += 1) {
        if (isSignAt(next, '(')) next = behindParentheses(next) - 1;
        else if (isSignAt(next, ',')) return null;
      }
      const token = tokens[index + 2];
      return token?.kind === 'word' || token?.kind === 'name' ? token.text : null;
    },
    isOneCall() {
      if (!isSignAt(at, '(')) return false;
      const end = behindParentheses(at);
      return end === tokens.length || (isWordAt(end, 'as') && end + 2 === tokens.length);
    },
    isCallFrom() {
      if (!isSignAt(at, '(')) return false;
      const end = behindParentheses(at);
      return isWordAt(isWordAt(end, 'as') ? end + 2 : end, 'from');
    },
    firstString() {
      return tokens.find(({ kind }) => kind === 'string')?.text ?? null;
    },
    string() {
      const token = tokens[at];
      if (token?.kind !== 'string') return null;
      at += 1;
      return token.text;
    },
    strings() {
      if (!isSignAt(at, '(')) return null;
      const strings: string[] = [];
      do {
        at += 1;
        const text = reader.string();
        if (text === null) return null;
        strings.push(text);
      } while (isSignAt(at, ','));
      if (!isSignAt(at, ')')) return null;
      at += 1;
      return strings;
    },
    options() {
      if (!isSignAt(at, '(')) return null;
      const options: string[] = [];
      do {
        at += 1;
        const name = reader.word();
        if (name === null) return null;
        let value: string | null = 'true';
        if (isSignAt(at, '=')) {
          at += 1;
          value = reader.string() ?? part();
        }
        if (value === null) return null;
        options.push(name, value);
      } while (isSignAt(at, ','));
      if (!isSignAt(at, ')')) return null;
      at += 1;
      return options;
    },
    isAtEnd() {
      return at === tokens.length;
    },
  };
  return reader;
}
