/** SQL of a bundle that is not ours → run by somebody who is no superuser from the first moment on. */
import type pg from 'pg';
import { SqlError } from '../errors.js';
import type { SqlProblem } from '../model.js';
import type { Login } from './throwaway-logins.js';
import { type Session, withSession } from './with-session.js';

/**
 * On a server whose superuser may run programs on this machine, they that wrote a state or a platform must not be it: neither
 * by `reset role` nor by SQL that makes SQL.
 */
export async function withBuilder<T>(
  connection: pg.ClientConfig,
  { user, password }: Login,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  return withSession({ ...connection, user, password }, async (session) => {
    try {
      return await work(session);
    } catch (error: unknown) {
      if (!(error instanceof SqlError)) throw error;
      throw new SqlError(adviseOnRights(error.problem), { cause: error });
    }
  });
}

const insufficientPrivilege = '42501';

/** What makes a role may become it. */
const needsToBecome = /^must be able to SET ROLE |^must be member of role /;

/** What says that a superuser is needed is told how to have one. */
export function adviseOnRights(problem: SqlProblem): SqlProblem {
  if (problem.sqlstate !== insufficientPrivilege) return problem;
  return {
    ...problem,
    advice: needsToBecome.test(problem.message)
      ? 'The role is on this server already, where somebody else made it, and so nobody here may become it. Drop it there if it is of an earlier run (drop owned by …, drop role …), give it another name, or rehearse on another server.'
      : 'States and platforms of a bundle that is not ours are run without the rights of a superuser, who may run programs on this machine. Do without them; or set trust-bundle to true where you trust whoever can change the bundle.',
  };
}
