/** Takes a report and gives its failures as remarks on lines of SQL files, for whoever shows code beside them. */
import type { Report } from '../model.js';
import { shorten, tame } from './escape.js';
import { failureText } from './failure-text.js';
import { collectFailures } from './failures.js';
import { listed } from './words.js';

export interface Annotation {
  /** What `path` is relative to. */
  readonly folder: string;
  /** null: the failure has no file of its own. */
  readonly path: string | null;
  /** Counts from 1. */
  readonly line: number | null;
  readonly title: string;
  readonly message: string;
}

/** GitHub refuses an annotation whose message is longer than 64 kB; nobody reads a tenth of that. */
const longestMessage = 4000;

/** One for each distinct failure, and one for each reason of the run as a whole. */
export function buildAnnotations(report: Report): Annotation[] {
  const { folder } = report.bundle;
  return [
    ...collectFailures(report).map((failure) => ({
      folder,
      path: failure.path,
      line: failure.line,
      title: tame(`${failure.title} (${listed(failure.subjects, 3)})`, 200),
      message: shorten(failureText(failure), longestMessage),
    })),
    ...report.reasons.map((message) => ({
      folder,
      path: null,
      line: null,
      title: 'The run as a whole',
      message,
    })),
  ];
}
