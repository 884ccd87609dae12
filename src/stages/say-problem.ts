/** A problem with SQL of the bundle → one sentence, where a report has room for no more. */
import type { SqlProblem } from '../model.js';

export function sayProblem({ path, line, message, hint }: SqlProblem): string {
  return [`${path}:${line ?? 1}: ${message}`, hint].filter(Boolean).join('. ');
}
