/** A sign makes a long table quick to scan; the word beside it carries the meaning. */
import type { Verdict } from '../../model.js';
import type { AnswerWord } from '../answer.js';
import type { CheckVerdict } from '../check-words.js';

const signs = {
  PASS: '✅',
  FAIL: '❌',
  REFUSED: '✋',
  'NOT DEPLOYED': '❌',
  'NOT PROVEN': '❌',
  UNKNOWN: '⚠️',
  'NOT RUN': '⚠️',
  UNREPAIRED: '⚠️',
  INFO: 'ℹ️',
} as const;

/** `✅ PASS`, as prose. */
export function signedWord(word: AnswerWord): string {
  return `${signs[word]} ${word}`;
}

/** The same for a table's cell, where sign and word must not end up on two lines. */
export function verdictCell(verdict: Verdict): string {
  return wordCell(verdict === 'pass' ? 'PASS' : 'FAIL');
}

export function wordCell(word: CheckVerdict | AnswerWord | 'INFO'): string {
  return unbroken(`${signs[word]} ${word}`);
}

/** A cell that stays on one line. */
export function unbroken(text: string): string {
  return text.replaceAll(' ', '&nbsp;');
}
