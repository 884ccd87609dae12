/** Work that asks a session, whose every statement goes through a function meanwhile. */
import type { Session } from './with-session.js';

type Ask = (...given: readonly unknown[]) => unknown;

export async function withQuery<T>(
  session: Session,
  through: (ask: Ask, given: readonly unknown[]) => unknown,
  work: () => Promise<T>,
): Promise<T> {
  const { query } = session;
  const own = Object.getOwnPropertyDescriptor(session, 'query');
  const ask: Ask = (...given) => Reflect.apply(query, session, given);
  Object.assign(session, { query: (...given: readonly unknown[]) => through(ask, given) });
  try {
    return await work();
  } finally {
    if (own === undefined) Reflect.deleteProperty(session, 'query');
    else Object.defineProperty(session, 'query', own);
  }
}
