/** A step's actor → the role and claims that the data API would have set for that user's request. */
import type { Actor } from '../model.js';
import { quoteIdentifier } from './quote.js';
import type { Session } from './with-session.js';

/** Until the end of the transaction or savepoint: the deployer again, and no claims. */
export async function actAsDeployer(session: Session): Promise<void> {
  await session.query("reset role; select pg_catalog.set_config('request.jwt.claims', '', true)");
}

export async function actAs(session: Session, actor: Actor): Promise<void> {
  await session.query('select pg_catalog.set_config($1, $2, true)', [
    'request.jwt.claims',
    JSON.stringify({ role: actor.role, ...actor.claims }),
  ]);
  await session.query(`set local role ${quoteIdentifier(actor.role)}`);
}
