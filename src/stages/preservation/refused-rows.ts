/** New checks and keys that Postgres did not ask of what was there → which rows break them: whoever changes one, or adds one like it, is refused. */
import { counted } from '../../counted.js';
import { quoteIdentifier } from '../../database/quote.js';
import type { Session } from '../../database/with-session.js';
import type { RowDifference } from '../../model.js';
import { type DatabaseObject, nameOf } from './read-objects.js';
import type { ForeignKey, Shape, Shapes } from './read-shapes.js';

interface Given {
  readonly before: readonly DatabaseObject[];
  readonly after: readonly DatabaseObject[];
  readonly shapesNow: Shapes;
}

export async function findRefused(
  session: Session,
  { before, after, shapesNow }: Given,
): Promise<RowDifference[]> {
  const found: RowDifference[] = [];
  const known = new Set(before.map(({ kind, relid, parts }) => JSON.stringify([kind, relid, parts])));
  for (const one of after) {
    const shape = shapesNow.get(one.relation ?? '');
    if (one.kind !== 'constraint' || !shape?.isReadable) continue;
    const broken = brokenBy(one, shape, shapesNow);
    if (broken === null || known.has(JSON.stringify([one.kind, one.relid, one.parts]))) continue;
    const { rows } = await session.query<{ broken: number }>(
      `select count(*)::int as broken from ${shape.relation} as schema_fix_row where ${broken.condition}`,
    );
    const count = rows[0]?.broken ?? 0;
    if (count > 0)
      found.push({
        word: 'refuses what was taken',
        table: nameOf(one),
        key: null,
        columns: [`${counted(count, 'row')} that ${count === 1 ? 'is' : 'are'} there${broken.told(count)}`],
      });
  }
  return found;
}

interface Broken {
  readonly condition: string;
  /** Of so many rows. */
  readonly told: (count: number) => string;
}

/** What is so of a row that it does not take, where it did not ask; of a key also which table it points at. */
function brokenBy(
  { said, references, place }: DatabaseObject,
  shape: Shape,
  shapesNow: Shapes,
): Broken | null {
  const [, check] = /^CHECK (\(.*\))(?: NO INHERIT)? NOT VALID f$/s.exec(said ?? '') ?? [];
  if (check !== undefined)
    return {
      condition: `${check} is false`,
      told: (count) => `, whoever changes ${count === 1 ? 'it' : 'one'}`,
    };
  const other = [...shapesNow.values()].find(({ oid }) => oid === references);
  // Of periods it asks more than whether they are equal.
  if (!/ NOT VALID f$/.test(said ?? '') || / PERIOD /.test(said ?? '') || !other?.isReadable) return null;
  const columns = columnsOf({ references, place }, shape);
  if (columns === null) return null;
  const pairs = columns.map(
    ({ column, referenced }) =>
      [`schema_fix_row.${quoteIdentifier(column)}`, quoteIdentifier(referenced)] as const,
  );
  const isGiven = pairs.map(([own]) => `${own} is not null`);
  const isThere = pairs.map(([own, referenced]) => `schema_fix_other.${referenced} = ${own}`);
  return {
    condition: `${isGiven.join(' and ')} and not exists (select from ${other.relation} as schema_fix_other where ${isThere.join(' and ')})`,
    told: (count) =>
      ` and ${count === 1 ? 'points' : 'point'} at no row of ${other.name}, whoever adds one like ${count === 1 ? 'it' : 'them'}`,
  };
}

/** Of a foreign key of the table; null: it is not known which of several keys it is. */
export function columnsOf(
  { references, place }: Pick<DatabaseObject, 'references' | 'place'>,
  shape: Shape,
): ForeignKey[] | null {
  const numbers: readonly string[] = place?.match(/\d+/g) ?? [];
  const columns = shape.columns.filter(({ number }) => numbers.includes(String(number)));
  const pairsOf = (constraint: string) => shape.keys.filter((key) => key.constraint === constraint);
  const constraint = shape.keys.find(
    (key) =>
      key.references === references &&
      pairsOf(key.constraint).length === columns.length &&
      pairsOf(key.constraint).every(({ column }) => columns.some(({ name }) => name === column)),
  )?.constraint;
  return constraint === undefined ? null : pairsOf(constraint);
}
