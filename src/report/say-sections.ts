/** Which sections were applied, and why some came along → one phrase: `sections 5, 8 (5 because 8 needs it)`. */
import type { Report } from '../model.js';
import { counted, listed, ranges } from './words.js';

export function saySections({ numbers, added, isWholeFix }: Report['sections']): string {
  if (isWholeFix) return `all ${counted(numbers.length, 'section')}`;
  const because = added.map(({ number, neededBy }) => `${number} because ${neededBy} needs it`);
  const word = numbers.length === 1 ? 'section' : 'sections';
  return `${word} ${ranges(numbers)}${because.length > 0 ? ` (${listed(because)})` : ''}`;
}
