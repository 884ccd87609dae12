/** A problem with SQL that the manifest holds → the same with its line of bundle.yml. */
import { findInManifest } from '../bundle/find-in-manifest.js';
import { placeIn } from '../database/locate-problem.js';
import { runFile } from '../database/run-file.js';
import type { Session } from '../database/with-session.js';
import { SqlError } from '../errors.js';
import type { Bundle, SqlProblem } from '../model.js';

/** The statement that was refused, and the index in it where Postgres stopped. */
export interface Refused {
  readonly text: string;
  readonly index: number;
}

/** `values` are what the manifest holds and the statement may be made of; where it stopped in none of them the problem stays. */
export function placeInManifest(
  problem: SqlProblem,
  { manifest }: Pick<Bundle, 'manifest'>,
  values: readonly string[],
  { text, index }: Refused,
): SqlProblem {
  for (const value of values) {
    const start = text.lastIndexOf(value, index);
    if (start < 0 || index > start + value.length) continue;
    const place = findInManifest(manifest.text, value, index - start);
    if (place !== null) return { ...problem, ...placeIn(manifest, place, 1) };
  }
  return problem;
}

/** Runs a query of the manifest, or what is made of it; `path` is said where no line can be. */
export async function askManifest(
  session: Session,
  bundle: Pick<Bundle, 'manifest'>,
  { path, query, text = query }: { readonly path: string; readonly query: string; readonly text?: string },
) {
  try {
    return await runFile(session, { path, text });
  } catch (error: unknown) {
    if (!(error instanceof SqlError)) throw error;
    const { problem, cause, statement } = error;
    const index = indexOf(text, problem);
    throw new SqlError(placeInManifest(problem, bundle, [query], { text, index }), { cause, statement });
  }
}

function indexOf(text: string, { line, column }: SqlProblem): number {
  const before = text.split('\n').slice(0, (line ?? 1) - 1);
  return before.join('\n').length + (before.length > 0 ? 1 : 0) + (column ?? 1) - 1;
}
