/** Files of SQL → their words, as names are made of them; what stands in comments and strings is among them. */
import type { SqlFile } from '../model.js';

export function wordsIn(files: readonly SqlFile[]): ReadonlySet<string> {
  return new Set(files.flatMap(({ text }) => text.match(/[\w$]+/g) ?? []));
}

/** Postgres folds what stands without quotes. */
export const bothCases = (word: string): string[] => [word, word.toLowerCase()];
