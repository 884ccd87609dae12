/** A statement that failed, and how → whether it may be left out, because the reason is the host's and nothing of the project's is. */
import type { LeftOutKind } from '../model.js';
import type { DescribedStatement } from './describe-statement.js';
import { areOfHost, hostPublications, isHostRole } from './host.js';

const insufficientPrivilege = '42501';
const undefinedObject = '42704';
const duplicateObject = '42710';
const invalidSchemaName = '3F000';
const cantChangeRuntimeParameter = '55P02';

/** Null: it may not, and ends the loading. A `revoke` or a policy that is passed over would make the rehearsal one of another database. */
export function judgeFailure(
  { kind, verb, targets, roles, isMore }: DescribedStatement,
  { code: sqlstate = '', message }: { readonly code?: string | undefined; readonly message: string },
  ofHost: ReadonlySet<string>,
): LeftOutKind | null {
  switch (kind) {
    case 'comment':
    case 'event trigger':
    case 'database':
      return kind;
    case 'owner':
      return targets.length > 0 && areOfHost(targets, ofHost) ? 'host' : kind;
    case 'extension':
      // What cannot be dropped because something needs it stays for the project's reasons.
      return verb === 'drop' && ![insufficientPrivilege, undefinedObject].includes(sqlstate) ? null : kind;
    case 'role':
      return (roles.length > 0 && roles.every(isHostRole)) ||
        [insufficientPrivilege, duplicateObject].includes(sqlstate)
        ? kind
        : null;
    case 'membership':
      // In a role of Postgres' own it is an attribute: what the member may do with the whole server.
      if (sqlstate === insufficientPrivilege && roles.some((role) => role.startsWith('pg_'))) return 'role';
      return roles.length > 1 && roles.every(isHostRole) ? 'role' : null;
    case 'default privileges':
      return roles.length > 0 && roles.every(isHostRole) ? kind : null;
    case 'setting':
      return [insufficientPrivilege, undefinedObject, cantChangeRuntimeParameter].includes(sqlstate)
        ? kind
        : null;
    case 'publication':
      return targets.every(([name = '']) => hostPublications.has(name)) && sqlstate === duplicateObject
        ? 'host'
        : null;
    case 'other':
      // What else it names was not come to where the very schema is not there.
      if (isMore && sqlstate !== invalidSchemaName) return null;
      return targets.length > 0 && areOfHost(targets, ofHost) && !isProjects(sqlstate, message, ofHost)
        ? 'host'
        : null;
  }
}

/** Something is not there that is not the host's: a policy on a table of the host names one of the project's, say. */
function isProjects(sqlstate: string, message: string, ofHost: ReadonlySet<string>): boolean {
  if (!['42P01', '42883', '42704', '3F000'].includes(sqlstate)) return false;
  const named = /"?(\w+)"?\./.exec(message)?.[1] ?? /^schema "(\w+)"/.exec(message)?.[1];
  return named === undefined || !ofHost.has(named);
}
