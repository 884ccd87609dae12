/** New checks and unique indexes of old tables → which of them refuse a row, or the second row, in which somebody leaves columns out that could be left out. */
import { isDatabaseError } from '../../database/database-error.js';
import { engineSql } from '../../database/engine-sql.js';
import { quoteIdentifier } from '../../database/quote.js';
import type { Session } from '../../database/with-session.js';
import { withSavepointRollback } from '../../database/with-transaction.js';
import type { Bundle, RowDifference } from '../../model.js';
import { listRequired, mayBeGiven, olderOf, rolesThatAdd } from './broken.js';
import { type Given, readBody } from './come-alive.js';
import { isDemanded } from './demanded-values.js';
import { readDemands } from './demands.js';
import { type DatabaseObject, nameOf } from './read-objects.js';
import { isMentionOf } from './read-pieces.js';
import type { Column, Shape } from './read-shapes.js';

interface Refusing {
  readonly kind: 'constraint' | 'unique index';
  readonly name: string;
  readonly relation: string;
  readonly isUnique: boolean;
  /** Whether two rows that say nothing are alike. */
  readonly takesNull: boolean;
  /** What is so of a row that it refuses; of a unique one, of a row of which it refuses the second. */
  readonly condition: string;
  readonly numbers: readonly number[];
  /** Columns whose default may be another for each row. */
  readonly changing: readonly number[];
}

export async function findOmitted(
  session: Session,
  given: Given,
  preserve: Bundle['preserve'],
): Promise<RowDifference[]> {
  const { before, after, shapes, shapesNow } = given;
  const known = new Set(before.flatMap((one) => [writtenOf(one), partsOf(one)]));
  const isNew = (one: DatabaseObject) => !known.has(writtenOf(one)) && !known.has(partsOf(one));
  const fresh = new Set(
    after
      .filter((one) => (one.kind === 'constraint' || one.kind === 'unique index') && isNew(one))
      .filter(({ relation }) => shapes.has(relation ?? '') && shapesNow.get(relation ?? '')?.isReadable)
      .map(nameOf),
  );
  if (fresh.size === 0) return [];
  const isFresh = (one: Refusing) => fresh.has(labelOf(one));
  const { rows } = await session.query<Refusing>(engineSql('refusing'));
  const found: RowDifference[] = [];
  for (const one of rows) {
    const { relation } = one;
    if (!isFresh(one) || isImplied(one, given)) continue;
    const left = leftOut(given, preserve, one);
    if (left.length === 0) continue;
    const who = whoLeavesOut(given, relation, left);
    if (who.length === 0) continue;
    const old = rows.filter((other) => other.relation === relation && !other.isUnique && !isFresh(other));
    if (!(await refuses(session, shapesNow.get(relation) as Shape, one, { left, old }))) continue;
    const columns = left.map((column) => column.name).join(' and ');
    const what = one.isUnique ? 'every row but the first' : 'rows';
    found.push({
      word: 'refuses what was taken',
      table: labelOf(one),
      key: null,
      columns: [`${what} that ${who.join(' and ')} may add, without a value for ${columns}`],
    });
  }
  return found;
}

const labelOf = ({ kind, name, relation }: Refusing) => `${kind} ${name} on ${relation}`;

const writtenOf = ({ kind, relation, written }: DatabaseObject) => JSON.stringify([kind, relation, written]);
const partsOf = ({ kind, relid, parts }: DatabaseObject) => JSON.stringify([kind, relid, parts]);

/** One over some of its columns was there, of all rows; of a null it takes any number. */
function isImplied(
  { isUnique, takesNull, relation, numbers }: Refusing,
  { before, shapes, shapesNow }: Given,
): boolean {
  return (
    isUnique &&
    !takesNull &&
    shapes.get(relation)?.oid === shapesNow.get(relation)?.oid &&
    before.some(({ kind, relation: own, said, place }) => {
      const isKey =
        kind === 'unique index' || (kind === 'constraint' && /^(UNIQUE|PRIMARY KEY)\b/.test(said ?? ''));
      const columns = place?.match(/\d+/g) ?? [];
      return (
        isKey &&
        own === relation &&
        columns.length > 0 &&
        columns.every((column) => numbers.includes(Number(column)))
      );
    })
  );
}

/** All columns that it asks for and that could be left out; of a unique one none where another value comes in some of them. */
function leftOut(given: Given, preserve: Bundle['preserve'], one: Refusing): Column[] {
  const { relation: table, numbers, changing, isUnique, takesNull } = one;
  const { before, after, shapesNow } = given;
  const columns = shapesNow.get(table)?.columns.filter(({ number }) => numbers.includes(number)) ?? [];
  const required = new Set(listRequired(before, given.shapes).map((it) => `${it.column} on ${it.table}`));
  const areRequired = new Set(listRequired(after, shapesNow).map((it) => `${it.column} on ${it.table}`));
  const left = columns.filter((column) => {
    const { name, number, fallback, isGenerated, isNumbered } = column;
    if (isGenerated || isNumbered || mayBeGiven(after, table, name)) return false;
    const old = olderOf(given, preserve, { table, column: name });
    if (old === 'another') return false;
    // Telling of what is required now is another's.
    if (areRequired.has(`${name} on ${table}`) || (old !== null && required.has(`${old.name} on ${table}`)))
      return false;
    if (fallback === null) return !isUnique || takesNull;
    return !changing.includes(number) && !(isUnique && column.category === 'D');
  });
  return isUnique && left.length < columns.length ? [] : left;
}

/** Roles that may, and functions that stayed as they were and do. */
function whoLeavesOut({ before, after, shapes }: Given, table: string, left: readonly Column[]): string[] {
  const areAdding = rolesThatAdd(after, table);
  const old = (name: string) => shapes.get(table)?.columns.find((one) => one.name === name);
  const roles = rolesThatAdd(before, table).filter(
    (role) =>
      areAdding.includes(role) &&
      left.every(({ name, fallback }) => {
        const number = old(name)?.number;
        return fallback !== null || number === undefined || !isDemanded(before, table, number, role);
      }),
  );
  const then = new Set(before.filter(({ kind }) => kind === 'function').map(({ written }) => written));
  const functions = after.filter(
    (one) =>
      one.kind === 'function' &&
      then.has(one.written) &&
      readDemands(readBody(one).pieces).some(
        ({ verb, mention, columns }) =>
          verb === 'INSERT' &&
          isMentionOf(mention, table) &&
          columns !== null &&
          left.every(({ name }) => !columns.includes(name)),
      ),
  );
  return [...roles, ...functions.map(nameOf)];
}

/**
 * Of rows like those that are there, or of one that says nothing else, as far as the checks of before took them: a check refuses them all,
 * because it may ask for a column where others say so; a unique index some, because it may hold only some.
 */
async function refuses(
  session: Session,
  { relation, columns }: Shape,
  { condition, isUnique }: Refusing,
  { left, old }: { readonly left: readonly Column[]; readonly old: readonly Refusing[] },
): Promise<boolean> {
  const values = columns.map(({ name, type, fallback }) => {
    const own = `t.${quoteIdentifier(name)}`;
    const isLeft = left.some((one) => one.name === name);
    // What a default asks of whoever adds the row, nobody is here to answer.
    const value = fallback === null ? `null::${type}` : isConstant(fallback) ? `(${fallback})::${type}` : own;
    return `${isLeft ? value : own} as ${quoteIdentifier(name)}`;
  });
  const taken = old.map((one) => `(${one.condition}) is not true`);
  const query = `select ${isUnique ? 'pg_catalog.bool_or' : 'pg_catalog.bool_and'}((${condition}) is true) as refuses from (
      select ${values.join(', ')} from (select) as schema_fix_one
      left join (select * from ${relation} limit 1000) as t on true
  ) as schema_fix_row where ${['true', ...taken].join(' and ')}`;
  try {
    return await withSavepointRollback(session, async () => {
      const { rows } = await session.query<{ refuses: boolean | null }>(query);
      return rows[0]?.refuses ?? false;
    });
  } catch (error: unknown) {
    // A row of which it cannot be computed is refused, too.
    if (isDatabaseError(error) && /^(22|23|P0)/.test(error.code ?? '')) return true;
    throw error;
  }
}

/** `'customer'::text`, `0`, `ARRAY[]::text[]`. */
const isConstant = (fallback: string): boolean =>
  !/[a-z_]\s*\(|\bcurrent_|\bsession_user|\buser\b/i.test(fallback);
