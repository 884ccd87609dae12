/** A bundle whose manifest asks the prelude how columns are called → the same with the names that the prelude gives. */
import { isRefused } from '../../database/database-error.js';
import type { Session } from '../../database/with-session.js';
import { withSavepoint } from '../../database/with-transaction.js';
import { describeProblem } from '../../errors.js';
import type { Bundle, DeclaredDifference, Fact, Preserved, SqlProblem } from '../../model.js';
import { askManifest } from '../place-in-manifest.js';

/** While the prelude is there. Where a query fails, or gives no name, the bundle cannot be used and `problem` says why. */
export async function resolveColumns(
  session: Session,
  bundle: Bundle,
): Promise<{ bundle: Bundle; problem: SqlProblem | null }> {
  const preserve: Preserved[] = [];
  for (const kind of bundle.preserve) {
    const facts: Fact[] = [];
    for (const fact of kind.facts) {
      const found = await readColumns(
        session,
        bundle,
        fact,
        `bundle.yml, columns of ${kind.name}.${fact.name}`,
      );
      if ('problem' in found) return { bundle, problem: found.problem };
      facts.push({ ...fact, columns: found.columns });
    }
    const left = await readColumns(
      session,
      bundle,
      { columns: kind.notCopied, columnsFrom: kind.notCopiedFrom },
      `bundle.yml, not_copied of ${kind.name}`,
    );
    if ('problem' in left) return { bundle, problem: left.problem };
    preserve.push({ ...kind, facts, notCopied: left.columns });
  }
  const differences: DeclaredDifference[] = [];
  for (const difference of bundle.access.differences) {
    const { columns, columnsFrom, table } = difference;
    const path = `bundle.yml, columns of access.differences about ${table}`;
    const found =
      columnsFrom === null
        ? { columns }
        : await readColumns(session, bundle, { columns: [], columnsFrom }, path);
    if ('problem' in found) return { bundle, problem: found.problem };
    differences.push({ ...difference, columns: found.columns });
  }
  const changesFound: string[] = [];
  for (const query of bundle.changesFrom) {
    const found = await readNames(session, bundle, query, 'bundle.yml, a query under changes');
    if ('problem' in found) return { bundle, problem: found.problem };
    changesFound.push(...found.names);
  }
  return {
    bundle: { ...bundle, preserve, changesFound, access: { ...bundle.access, differences } },
    problem: null,
  };
}

async function readColumns(
  session: Session,
  bundle: Bundle,
  { columns, columnsFrom }: Pick<Fact, 'columns' | 'columnsFrom'>,
  path: string,
): Promise<{ columns: readonly string[] } | { problem: SqlProblem }> {
  if (columnsFrom === null) return { columns };
  const found = await readNames(session, bundle, columnsFrom, path);
  if ('problem' in found) return found;
  return found.names.length > 0
    ? { columns: found.names }
    : { problem: describeProblem({ ...unnamed, path }) };
}

async function readNames(
  session: Session,
  bundle: Bundle,
  query: string,
  path: string,
): Promise<{ names: readonly string[] } | { problem: SqlProblem }> {
  const text = `select name::pg_catalog.text as name from (${query}\n) as named (name)`;
  try {
    const result = await withSavepoint(session, () => askManifest(session, bundle, { path, query, text }));
    const rows = (result?.rows ?? []) as { name: string | null }[];
    return { names: rows.flatMap(({ name }) => name ?? []) };
  } catch (error: unknown) {
    if (!isRefused(error)) throw error;
    return { problem: error.problem };
  }
}

const unnamed = {
  // no_data_found
  sqlstate: 'P0002',
  message: 'the query gives no name',
  advice: 'Give the names as a list, or correct the query: the names are rows of its one column.',
};
