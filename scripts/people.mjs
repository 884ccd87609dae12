/** People of the states, and how one of them speaks to the database through the data API. */
import { createHash } from 'node:crypto';

/** As the states name people and rooms: `md5('ann')::uuid`. */
export function personId(name) {
  const hash = createHash('md5').update(name).digest('hex');
  return hash.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

export function become(session, name, work) {
  return asCaller(session, { sub: personId(name), role: 'authenticated' }, work);
}

/** With the role and the claims of a token; what the work wrote is kept. */
export async function asCaller(session, claims, work) {
  await session.query('begin');
  try {
    await session.query(
      "select pg_catalog.set_config('request.jwt.claims', $1, true), pg_catalog.set_config('role', $2, true)",
      [JSON.stringify(claims), claims.role],
    );
    const result = await work();
    await session.query('commit');
    return result;
  } catch (error) {
    await session.query('rollback');
    throw error;
  }
}
