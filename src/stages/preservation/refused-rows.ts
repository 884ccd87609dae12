/** New checks that Postgres did not ask of what was there → which rows break them: whoever changes one, in whatever column, is refused. */
import { counted } from '../../counted.js';
import type { Session } from '../../database/with-session.js';
import type { RowDifference } from '../../model.js';
import { type DatabaseObject, nameOf } from './read-objects.js';
import type { Shapes } from './read-shapes.js';

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
  for (const one of after) {
    const [, condition] = /^CHECK (\(.*\))(?: NO INHERIT)? NOT VALID f$/s.exec(one.said ?? '') ?? [];
    const shape = shapesNow.get(one.relation ?? '');
    if (one.kind !== 'constraint' || condition === undefined || !shape?.isReadable) continue;
    if (
      before.some(({ kind, relid, parts }) => kind === one.kind && relid === one.relid && parts === one.parts)
    )
      continue;
    const { rows } = await session.query<{ broken: number }>(
      `select count(*)::int as broken from ${shape.relation} where ${condition} is false`,
    );
    const broken = rows[0]?.broken ?? 0;
    if (broken === 0) continue;
    const columns = [
      `${counted(broken, 'row')} that ${broken === 1 ? 'is' : 'are'} there, whoever changes ${broken === 1 ? 'it' : 'one'}`,
    ];
    found.push({ word: 'refuses what was taken', table: nameOf(one), key: null, columns });
  }
  return found;
}
