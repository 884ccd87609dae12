/** What a report of something watched consists of, before it is known who reads it: tables, sentences, a chart. */
import type { DriftedObject, WatchVerdict } from '../../watched.js';
import type { AnswerWord } from '../answer.js';

export interface Page {
  readonly word: AnswerWord;
  /** Goes on from the word: `, nothing fails since the deployment`. */
  readonly rest: string;
  readonly blocks: readonly Block[];
  /** Facts for the last line. */
  readonly footer: readonly string[];
}

export type Block =
  | { readonly kind: 'lines'; readonly title: string; readonly lines: readonly string[] }
  | {
      readonly kind: 'table';
      readonly title: string;
      readonly columns: readonly Column[];
      readonly rows: readonly (readonly string[])[];
      /** What is said under it; null: nothing. */
      readonly note: string | null;
    }
  | { readonly kind: 'changes'; readonly title: string; readonly changes: readonly DriftedObject[] }
  | {
      readonly kind: 'bars';
      readonly title: string;
      readonly labels: readonly string[];
      readonly values: readonly number[];
      readonly axis: string;
    };

export interface Column {
  readonly title: string;
  /** `verdict`: one of the words. `code`: what came from a database or a log. */
  readonly kind: 'verdict' | 'text' | 'code' | 'number';
}

export const verdictWords = {
  pass: 'PASS',
  fail: 'FAIL',
  'not proven': 'NOT PROVEN',
} as const satisfies Record<WatchVerdict, AnswerWord>;
