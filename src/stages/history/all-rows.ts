/** A database → every table whose rows can be read, and work that sees all of them. */
import { withOwnersView } from '../../database/owners-view.js';
import type { Session } from '../../database/with-session.js';
import { readShapes, type Shape } from '../preservation/read-shapes.js';
import { historySchema } from './history-schema.js';

/** Within the open transaction. What binds the deployer, too, would hide rows of their own tables. */
export async function withAllRows<T>(session: Session, work: () => Promise<T>): Promise<T> {
  return withOwnersView(session, [...(await readShapes(session)).keys()], work);
}

/** Without those in which deployments are recorded. */
export async function readTables(session: Session): Promise<Shape[]> {
  return [...(await readShapes(session)).values()].filter(
    ({ name, kind, isReadable }) => kind === 'r' && isReadable && !name.startsWith(`${historySchema}.`),
  );
}
