/** Work that may only look, or make what is the engine's: whatever else it wrote would be there before anything is noted, or after it was compared. */
import { engineSql } from '../database/engine-sql.js';
import { differences, type Fingerprint, readDefinitions } from '../database/fingerprint.js';
import type { Session } from '../database/with-session.js';
import { describeProblem, SqlError } from '../errors.js';
import { howToDisable, readEventTriggers } from './event-triggers.js';
import { kindsBeyondDefinitions, nameOf, readObjectsOf } from './preservation/read-objects.js';
import { describeStructure, readShapes } from './preservation/read-shapes.js';
import { readSequences } from './preservation/sequences.js';
import { countServerWrites, mayBeOurs } from './preservation/server-writes.js';

/** Throws a SqlError where rows were written. Definitions are for `withNothingTouched`. */
export async function withNothingWritten<T>(
  session: Session,
  path: string,
  work: () => Promise<T>,
): Promise<T> {
  const before = await readStorage(session);
  const result = await work();
  await refuse(session, path, differences(before, await readStorage(session)));
  return result;
}

/**
 * The same, and no definition, privilege or sequence may be another but of the prelude's own. `known` are the definitions that the
 * same transaction has just read, where it has.
 */
export async function withNothingTouched<T>(
  session: Session,
  { path, known }: { readonly path: string; readonly known: ReadonlyMap<string, string> | null },
  work: () => Promise<T>,
): Promise<T> {
  const look = async (definitions: ReadonlyMap<string, string> | null) =>
    new Map([
      ...(await readStorage(session)),
      ...(await nameAll(session, definitions ?? (await readDefinitions(session)))),
    ]);
  const before = await look(known);
  const writes = await countServerWrites(session);
  const result = await work();
  const touched = differences(before, await look(null));
  const now = await countServerWrites(session);
  // A name begins with the kind.
  await refuse(
    session,
    path,
    touched.filter((name) => mayBeOurs(name.split(' ', 1)[0] ?? '', writes, now)),
  );
  return result;
}

async function readStorage(session: Session): Promise<Fingerprint> {
  const shapes = await readShapes(session);
  const { rows } = await session.query<{ written: string }>(engineSql('large_objects'));
  return new Map([
    ...[...shapes].map(
      ([name, shape]) =>
        [name, JSON.stringify([shape.oid, shape.file, shape.written, describeStructure(shape)])] as const,
    ),
    ['a large object', rows[0]?.written ?? ''] as const,
  ]);
}

/** As the definitions name them. */
const ofPrelude =
  /^(schema schema_fix$|[a-z ]+ schema_fix\.|(constraint|trigger|rule|policy) .* on schema_fix\.[^ "]+$|comment on .*\bschema_fix\b)/;

async function nameAll(session: Session, definitions: ReadonlyMap<string, string>): Promise<Fingerprint> {
  const objects = await readObjectsOf(session, kindsBeyondDefinitions);
  const sequences = await readSequences(session);
  return new Map([
    ...objects.map((object) => [nameOf(object), object.written] as const),
    ...[...definitions].filter(([object]) => !ofPrelude.test(object)),
    ...[...sequences].map(([name, { given }]) => [`numbers of ${name}`, String(given)] as const),
  ]);
}

async function refuse(session: Session, path: string, touched: readonly string[]): Promise<void> {
  if (touched.length === 0) return;
  const writing = (await readEventTriggers(session)).filter(({ may_write }) => may_write);
  const names = writing.map((trigger) => `${trigger.name} (${trigger.function})`).join(', ');
  const changed = touched.slice(0, 10).join(', ');
  throw new SqlError(
    describeProblem({
      path,
      // object_not_in_prerequisite_state
      sqlstate: '55000',
      ...(writing.length > 0
        ? {
            message: `What is made here sets event triggers of the database off, ${names}, and this is changed where it may only be looked at: ${changed}.`,
            advice: howToDisable(writing),
          }
        : {
            message: `It changes what is in the database, where it may only look: ${changed}.`,
            advice:
              'Only sections change the database. What the prelude makes is in the schema schema_fix; what the manifest asks and calls changes nothing.',
          }),
    }),
  );
}
