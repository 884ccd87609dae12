/** The database before the fix and after it, in one transaction → what leads back from the one to the other. */
import { readDefinitions } from '../../database/fingerprint.js';
import { withOwnersView } from '../../database/owners-view.js';
import type { Session } from '../../database/with-session.js';
import { SqlError } from '../../errors.js';
import type { Bundle } from '../../model.js';
import { planComparison } from '../preservation/plan-comparison.js';
import { tampered } from '../preservation/preservation.js';
import { type DatabaseObject, nameOf, readObjectsOf } from '../preservation/read-objects.js';
import { readShapes } from '../preservation/read-shapes.js';
import { countServerWrites, mayBeOurs, type ServerWrites } from '../preservation/server-writes.js';
import { withoutHistory } from './history-schema.js';
import {
  digestChanged,
  noteRowsBefore,
  type RecordedTable,
  type RowsBefore,
  type RowsChanged,
} from './note-rows.js';
import { type CatalogBefore, planWayBack, readCatalogBefore, type Step } from './plan-way-back.js';

/** Object → its definition, as the engine's fingerprint names and writes them. */
export type Definitions = Readonly<Record<string, string>>;

export interface WayBack {
  readonly before: Definitions;
  readonly after: Definitions;
  readonly steps: readonly Step[];
  readonly tables: readonly RecordedTable[];
  /** What cannot return, and why. */
  readonly obstacles: readonly string[];
}

export interface DefinitionsBefore {
  readonly catalog: CatalogBefore;
  readonly definitions: ReadonlyMap<string, string>;
  readonly objects: readonly DatabaseObject[];
  readonly serverWrites: ServerWrites;
}

/** Before anything is locked: it takes a moment. */
export async function noteDefinitions(session: Session): Promise<DefinitionsBefore> {
  return {
    catalog: await readCatalogBefore(session),
    serverWrites: await countServerWrites(session),
    definitions: await readDefinitions(session),
    objects: await readObjectsOf(session, ofServer),
  };
}

/** When the tables are locked, and what was tried out in them is undone. `all`: of every table, so that no attempt is needed to know. */
export async function noteRows(
  session: Session,
  bundle: Bundle,
  { written, all }: { readonly written: ReadonlySet<string>; readonly all: boolean },
): Promise<RowsBefore> {
  const shapes = await readShapes(session);
  const tables = all
    ? [...shapes.keys()]
    : planComparison(bundle, shapes, { readsAll: false }).map(({ table }) => table);
  return withOwnersView(session, tables, () => noteRowsBefore(session, { tables, written }));
}

/** Throws a SqlError where what was noted of the rows is not what it was. */
export async function findWayBack(
  session: Session,
  { definitions, objects, serverWrites, catalog }: DefinitionsBefore,
  after: { readonly definitions: ReadonlyMap<string, string>; readonly rows: RowsChanged },
): Promise<WayBack> {
  const { rows } = after;
  if ((await digestChanged(session)) !== rows.digest) throw new SqlError(tampered);
  const writes = await countServerWrites(session);
  // Others may have changed the server's roles meanwhile: that is not for a rollback of this deployment to undo.
  const isOurs = ({ kind }: DatabaseObject) => mayBeOurs(kind, serverWrites, writes);
  const now = await readObjectsOf(session, ofServer);
  return {
    before: Object.fromEntries(withoutHistory(definitions)),
    after: Object.fromEntries(withoutHistory(after.definitions)),
    steps: await planWayBack(session, catalog),
    tables: rows.tables,
    obstacles: [...rows.obstacles, ...findForeign(objects.filter(isOurs), now.filter(isOurs))],
  };
}

/** What belongs to the server, or to no schema, and is in no catalog that could be planned. */
const ofServer = ['cast', 'membership', 'setting'];

function findForeign(before: readonly DatabaseObject[], after: readonly DatabaseObject[]): string[] {
  const told = (objects: readonly DatabaseObject[]) =>
    new Map(objects.map((object) => [nameOf(object), object.written] as const));
  const [then, now] = [told(before), told(after)];
  return [...new Set([...then.keys(), ...now.keys()])]
    .filter((name) => then.get(name) !== now.get(name))
    .sort()
    .map((name) => `the ${name}: it is not part of the database's catalog that a rollback makes again`);
}
