/** A throwaway server → roles of ours that log in: the deployer's, and who builds the states; and what these are granted. */
import { randomBytes } from 'node:crypto';
import { isDatabaseError } from './database-error.js';
import { quoteIdentifier, quoteLiteral } from './quote.js';
import { refuseRolesOfTheServer } from './refuse-roles.js';
import type { Session } from './with-session.js';

/** Tells a role that a run of ours has made. */
export const roleComment = 'created by schema-fix-action';

export interface Login {
  /** The deployer; where nobody named one, the role that logs in itself. */
  readonly role: string;
  readonly user: string;
  readonly password: string;
}

/**
 * The deployer may be a role that cannot log in, or somebody's whose password is not ours to change, and another run may use
 * it at the same time: a role of our own logs in, and its role is the deployer's from the start. `reset role` comes back to
 * that, and `set session authorization default` to no more than a member of it.
 */
export async function createLogin(admin: Session, user: string, deployer: string | null): Promise<Login> {
  if (deployer !== null) await refuseRolesOfTheServer(admin, [deployer]);
  const password = randomBytes(24).toString('base64url');
  // What a hosting lets an owner do beside owning the database.
  const attributes = deployer === null ? 'createdb createrole' : '';
  const become =
    deployer === null
      ? ''
      : `grant ${quoteIdentifier(deployer)} to ${user}; alter role ${user} set role to ${quoteIdentifier(deployer)};`;
  await admin.query(
    `create role ${user} login ${attributes} password ${quoteLiteral(password)};
     comment on role ${user} is ${quoteLiteral(roleComment)};
     ${become}`,
  );
  return { role: deployer ?? user, user, password };
}

export async function createBuilder(admin: Session, user: string): Promise<Login> {
  const password = randomBytes(24).toString('base64url');
  // Who is no superuser gives what they have.
  const { rows } = await admin.query<{ bypasses: boolean }>(
    'select rolsuper or rolbypassrls as bypasses from pg_catalog.pg_roles where rolname = current_user',
  );
  const bypass = rows[0]?.bypasses === true ? 'bypassrls' : '';
  await admin.query(
    `create role ${user} login createdb createrole ${bypass} password ${quoteLiteral(password)};
     comment on role ${user} is ${quoteLiteral(roleComment)}`,
  );
  return { role: user, user, password };
}

/** What the platforms of other runs have made is this one's to change, too. */
export async function grantMarkedRoles(admin: Session, { user }: Login): Promise<void> {
  const { rows } = await admin.query<{ role: string }>(
    `select rolname as role from pg_catalog.pg_roles
     where
         pg_catalog.shobj_description(oid, 'pg_authid') = $1
         and not rolsuper
         and not pg_catalog.starts_with(rolname, 'schema_fix_')`,
    [roleComment],
  );
  for (const { role } of rows) {
    try {
      await admin.query(`grant ${quoteIdentifier(role)} to ${user} with admin option`);
    } catch (error: unknown) {
      // undefined_object: the run that made it has removed it since.
      if (!isDatabaseError(error) || error.code !== '42704') throw error;
    }
  }
}

export async function grantRoles(admin: Session, { user }: Login, roles: readonly string[]): Promise<void> {
  await refuseRolesOfTheServer(admin, roles);
  const { rows } = await admin.query<{ role: string }>(
    'select rolname as role from pg_catalog.pg_roles where rolname = any($1) and not rolsuper',
    [roles],
  );
  for (const { role } of rows) await admin.query(`grant ${quoteIdentifier(role)} to ${user}`);
}
