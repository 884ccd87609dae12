/** What ended the loading → where it is, without what rows hold and passwords, and what to do about it. */

import type { DatabaseError } from '../database/database-error.js';
import { locateProblem } from '../database/locate-problem.js';
import { withoutValues } from '../database/without-values.js';
import type { SqlProblem } from '../model.js';
import { adviseOnLoading } from './advise-on-loading.js';
import type { Missing } from './ledger.js';
import type { SqlItem } from './load-context.js';

/** Statements that may hold rows: their lines reach no report. */
const holdsRows = /^(insert|update|delete|merge|copy|with|select|values|call|do|execute)\b/i;

/** Statements that may hold a password or token, as `options (password …)` or the headers of a webhook: neither do theirs. */
const holdsSecrets =
  /^(create|alter)\s+(or\s+replace\s+)?(constraint\s+)?(trigger|user|role|group|server|subscription|foreign|database|system)\b/i;

/** Of an error within the rows of COPY, the number of the row. */
const rowOfCopy = /^COPY [^,]+, line (\d+)/m;

export function describeProblem(
  error: DatabaseError,
  { path, item, missing }: { path: string; item: SqlItem | null; missing: readonly Missing[] },
): SqlProblem {
  const text = item?.text ?? '';
  const located = locateProblem(error, {
    file: { path, text: `${item?.indent ?? ''}${text}` },
    statement: item === null ? null : { text, offset: item.indent.length, line: 1 },
    firstLine: item?.line ?? 1,
  });
  const isWithheld = holdsRows.test(text) || holdsSecrets.test(text);
  const row = item?.kind === 'copy' ? rowOfCopy.exec(error.where ?? '')?.[1] : undefined;
  const isRow = item?.kind === 'copy' && row !== undefined;
  const advice = adviseOnLoading(located, { statement: text, missing }) ?? located.advice;
  return {
    ...located,
    line: isRow ? item.firstRow + Number(row) - 1 : located.line,
    column: isRow ? null : located.column,
    snippet: isWithheld ? null : located.snippet,
    inner: null,
    message: withholdValues(located, isWithheld),
    detail: null,
    advice,
  };
}

/** Data exceptions quote the value, syntax errors what stands there: `invalid input syntax for type integer: "…"`. */
function withholdValues({ sqlstate, message }: SqlProblem, isWithheld: boolean): string {
  return sqlstate.startsWith('22') || (isWithheld && sqlstate === '42601') ? withoutValues(message) : message;
}
