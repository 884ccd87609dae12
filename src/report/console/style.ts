/** Colours, or none; and database text made fit for a terminal. */
import picocolors from 'picocolors';
import { longestSentence, tame } from '../escape.js';

export type Colors = ReturnType<typeof picocolors.createColors>;

export function createColors(isColored: boolean): Colors {
  return picocolors.createColors(isColored);
}

/** The word carries the meaning, the colour only helps to find it. */
export function paintVerdict(colors: Colors, word: string): string {
  if (word === 'PASS') return colors.green(word);
  return ['FAIL', 'REFUSED', 'NOT DEPLOYED', 'NOT PROVEN', 'UNKNOWN'].includes(word)
    ? colors.red(word)
    : colors.yellow(word);
}

/** One line without control characters, ANSI sequences or other surprises: a name, or a value of a database. */
export function printable(text: string): string {
  return tame(text, 400);
}

/** The same for a sentence of ours: advice that ends in the middle is none. */
export function sentence(text: string): string {
  return tame(text, longestSentence);
}
