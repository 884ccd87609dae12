/** New foreign keys to old tables that let nothing go along → which rows could be deleted before, and cannot now, because others point at them. */
import { quoteIdentifier } from '../../database/quote.js';
import type { Session } from '../../database/with-session.js';
import type { Bundle, RowDifference } from '../../model.js';
import type { Given } from './come-alive.js';
import { type DatabaseObject, nameOf } from './read-objects.js';
import type { Shape } from './read-shapes.js';
import { columnsOf } from './refused-rows.js';

export async function findHeldBack(
  session: Session,
  { before, after, shapes, shapesNow }: Given,
  preserve: Bundle['preserve'],
): Promise<RowDifference[]> {
  const tables = new Map([...shapesNow.values()].map((shape) => [shape.oid, shape]));
  const holding = after.filter(({ said, references }) => references !== null && holdsBack(said));
  // Rows that came from another table were held to theirs there.
  const areMoved = (then: string | null, now: string | null) =>
    preserve.some(({ from, to }) => from.includes(then ?? '') && to.includes(now ?? ''));
  const isOld = (key: DatabaseObject) =>
    before.some(
      (one) =>
        one.references === key.references &&
        holdsBack(one.said) &&
        (one.relid === key.relid ? one.place === key.place : areMoved(one.relation, key.relation)),
    );
  const found: RowDifference[] = [];
  for (const key of holding) {
    const [own, other] = [shapesNow.get(key.relation ?? ''), tables.get(key.references ?? '')];
    if (own === undefined || other === undefined || isOld(key)) continue;
    if (!shapes.has(other.name) || !own.isReadable || !other.isReadable) continue;
    const who = whoDeletes(before, other.name, key.references ?? '');
    const pointing = pointsAt(key, own);
    if (who.length === 0 || pointing === null) continue;
    const held = holding
      .filter((one) => one.references === key.references && isOld(one))
      .flatMap((one) => pointsAt(one, shapesNow.get(one.relation ?? '')) ?? []);
    const { rows } = await session.query<{ held: boolean }>(
      `select exists (select from ${other.relation} as schema_fix_other where ${[pointing, ...held.map((one) => `not ${one}`)].join(' and ')}) as held`,
    );
    if (rows[0]?.held === true)
      found.push({
        word: 'refuses what was taken',
        table: nameOf(key),
        key: null,
        columns: [
          `deleting rows of ${other.name} at which rows of ${own.name} point, by ${who.join(' and ')}`,
        ],
      });
  }
  return found;
}

/** Without an action of its own. */
const holdsBack = (said: string | null): boolean =>
  /^FOREIGN KEY /.test(said ?? '') && !/ ON DELETE (CASCADE|SET)\b/.test(said ?? '');

/** Roles, and whoever deletes what they hang on. */
function whoDeletes(before: readonly DatabaseObject[], table: string, oid: string): string[] {
  const roles = before.flatMap(({ kind, relation, name, place, role }) =>
    kind === 'privilege' && relation === table && /^DELETE /.test(name) && place !== 'no row' && role !== null
      ? [role]
      : [],
  );
  const cascades = before.some(
    ({ relid, said, references }) =>
      relid === oid && references !== null && references !== oid && / ON DELETE CASCADE\b/.test(said ?? ''),
  );
  return [...new Set(roles), ...(cascades ? ['whoever deletes what they belong to'] : [])];
}

/** Whether a row points at one of the other table, by the columns of the key. */
function pointsAt(key: DatabaseObject, shape: Shape | undefined): string | null {
  const columns = shape?.isReadable ? columnsOf(key, shape) : null;
  const pairs = columns?.map(
    ({ column, referenced }) =>
      `schema_fix_row.${quoteIdentifier(column)} = schema_fix_other.${quoteIdentifier(referenced)}`,
  );
  return pairs === undefined
    ? null
    : `exists (select from ${shape?.relation} as schema_fix_row where ${pairs.join(' and ')})`;
}
