/** A throwaway server → databases with a platform in them: made once as a template, then copied for each state. */
import { randomBytes, randomUUID } from 'node:crypto';
import type pg from 'pg';
import { SqlError, UserError } from '../errors.js';
import type { Platform, PlatformFile } from '../model.js';
import { isDatabaseError } from './database-error.js';
import { quoteIdentifier, quoteLiteral } from './quote.js';
import { refuseRolesOfTheServer } from './refuse-roles.js';
import { runFile } from './run-file.js';
import { withBuilder } from './with-builder.js';
import { dropRole, withRoles } from './with-roles.js';
import { type Session, withSession } from './with-session.js';

export interface ThrowawayDatabases {
  /** Aborted when the run is to stop. */
  readonly signal: AbortSignal;
  /** Gives the work a database of its own and drops it afterwards. */
  withDatabase<T>(
    options: { platform: string | null; owner: string | null },
    work: (connection: pg.ClientConfig) => Promise<T>,
  ): Promise<T>;
  /** The platform's deployer on this server; null for plain Postgres, and where the platform names none. */
  deployerOf(platform: string | null): string | null;
  /** How somebody logs in who is no superuser from the first moment on, and whose role is the deployer's; made once a run. */
  loginOf(deployer: string | null): Promise<Login>;
  /** Who builds the states of a bundle: may make roles, databases and schemas, may become the deployer, and is no superuser. */
  builderFor(deployer: string): Promise<Login>;
  /**
   * Does the work while nobody else changes the server's roles. With `changes` the work has the server's roles to itself, and
   * those of ours are afterwards what they were.
   */
  withRoles<T>(options: { readonly changes: boolean }, work: () => Promise<T>): Promise<T>;
  /** Makes it a member of those of the roles that are there and hold somebody back. */
  letBecome(login: Login, roles: readonly string[]): Promise<void>;
}

export interface Login {
  /** The deployer; where nobody named one, the role that logs in itself. */
  readonly role: string;
  readonly user: string;
  readonly password: string;
}

export interface ThrowawayOptions {
  readonly platforms: readonly Platform[];
  readonly signal: AbortSignal;
  /** Whether the layers of a platform that are not ours are laid by the superuser, too. */
  readonly isTrusted?: boolean;
}

/** Serialises what runs of ours do to a shared server's roles; the number is arbitrary but for ever the same. */
const serverLock = 7_305_200_104;
const locks = { platforms: serverLock + 1, work: serverLock + 2 };
const roleComment = 'created by schema-fix-action';

/**
 * Roles belong to the whole server: while this run needs those of its platforms it holds a shared lock, and the last run
 * to leave removes the roles that a run of ours had created. Once the signal is aborted, whatever is under way in a
 * database of ours is ended, and nothing more is begun; the databases are dropped as ever.
 */
export async function withThrowawayDatabases<T>(
  server: pg.ClientConfig,
  { platforms, signal, isTrusted = false }: ThrowawayOptions,
  work: (databases: ThrowawayDatabases) => Promise<T>,
): Promise<T> {
  const prefix = `schema_fix_${randomUUID().slice(0, 8)}`;
  return withSession(server, async (admin) => {
    const templates = new Map<string | null, string>();
    const deployers = new Map<string | null, string | null>();
    const logins = new Map<string | null, Promise<Login>>();
    let created = 0;
    let building: Promise<Login> | null = null;
    const builder = () => {
      building ??= createBuilder(admin, `${prefix}_builder`);
      return building;
    };
    const databases: ThrowawayDatabases = {
      signal,
      async withDatabase({ platform, owner }, use) {
        signal.throwIfAborted();
        created += 1;
        const name = `${prefix}_${created}`;
        const template = templates.get(platform) ?? 'template0';
        const ownedBy = owner === null ? '' : ` owner ${quoteIdentifier(owner)}`;
        await admin.query(`create database ${name} template ${template}${ownedBy}`);
        try {
          return await use({ ...server, database: name });
        } finally {
          await admin.query(`drop database ${name} with (force)`);
        }
      },
      deployerOf: (platform) => deployers.get(platform) ?? null,
      loginOf(deployer) {
        const known = logins.get(deployer);
        if (known !== undefined) return known;
        const login = createLogin(admin, `${prefix}_login_${logins.size + 1}`, deployer);
        logins.set(deployer, login);
        return login;
      },
      async builderFor(deployer) {
        const login = await builder();
        await grantRoles(admin, login, [deployer]);
        return login;
      },
      withRoles: ({ changes }, use) => withRoles(server, { changes, locks, comment: roleComment }, use),
      // Asked of one session, so that no two states grant the same at the same moment.
      letBecome: (login, roles) => grantRoles(admin, login, roles),
    };
    let ended: Promise<unknown> = Promise.resolve();
    const endAll = () => {
      // A server of ours goes down at the same moment, and ends them itself.
      ended = endSessions(server, prefix).catch(() => undefined);
    };
    signal.addEventListener('abort', endAll, { once: true });
    await admin.query('select pg_catalog.pg_advisory_lock_shared($1)', [serverLock]);
    try {
      for (const platform of platforms) {
        const name = `${prefix}_platform_${platform.name}`;
        templates.set(platform.name, name);
        await admin.query(`create database ${name} template template0`);
        const database = { ...server, database: name };
        await orSayWhatIsNeeded(admin, platform, () =>
          layPlatform(admin, database, platform, isTrusted ? null : builder),
        );
        deployers.set(platform.name, await chooseDeployer(admin, platform));
      }
      return await work(databases);
    } finally {
      signal.removeEventListener('abort', endAll);
      await ended;
      for (const name of templates.values())
        await admin.query(`drop database if exists ${name} with (force)`);
      for (const login of await Promise.allSettled([...logins.values(), building])) {
        if (login.status === 'fulfilled' && login.value !== null) await dropRole(admin, login.value.user);
      }
      await admin.query('select pg_catalog.pg_advisory_unlock_shared($1)', [serverLock]);
      await removeRoles(admin);
    }
  });
}

async function endSessions(server: pg.ClientConfig, prefix: string): Promise<void> {
  await withSession(server, (session) =>
    session.query(
      'select pg_catalog.pg_terminate_backend(pid) from pg_catalog.pg_stat_activity where pg_catalog.starts_with(datname, $1)',
      [prefix],
    ),
  );
}

/** Two runs must not create the same role at the same time. `builder` null: all of it is the superuser's to run. */
async function layPlatform(
  admin: Session,
  database: pg.ClientConfig,
  platform: Platform,
  builder: (() => Promise<Login>) | null,
): Promise<void> {
  await admin.query('select pg_catalog.pg_advisory_lock($1)', [locks.platforms]);
  try {
    const isOurs = ({ origin }: PlatformFile) => builder === null || origin === 'engine';
    await withSession(database, async (session) => {
      for (const file of platform.files.filter(isOurs)) await runFile(session, file);
    });
    const theirs = platform.files.filter((file) => !isOurs(file));
    if (builder === null || theirs.length === 0) return;
    const login = await builder();
    await grantMarkedRoles(admin, login);
    await admin.query(
      `alter database ${quoteIdentifier(String(database.database))} owner to ${quoteIdentifier(login.user)}`,
    );
    // From 15 on public belongs to the owner of the database.
    await withSession(database, (session) =>
      session.query(`do $$ begin
        if pg_catalog.current_setting('server_version_num')::int < 150000 then
            grant create, usage on schema public to ${login.user} with grant option;
        end if;
      end $$`),
    );
    await withBuilder(database, login, async (session) => {
      for (const file of theirs) await runFile(session, file);
    });
  } finally {
    await admin.query('select pg_catalog.pg_advisory_unlock($1)', [locks.platforms]);
  }
}

const insufficientPrivilege = '42501';

/** Of a server whose owner is no superuser. Throws a UserError that says what the platform asks for. */
async function orSayWhatIsNeeded(
  admin: Session,
  { name }: Platform,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error: unknown) {
    if (!(error instanceof SqlError) || error.problem.sqlstate !== insufficientPrivilege) throw error;
    const { rows } = await admin.query<{ user: string }>(
      'select rolname as user from pg_catalog.pg_roles where rolname = current_user and not rolsuper',
    );
    if (rows[0] === undefined) throw error;
    const { message, detail, path, line } = error.problem;
    throw new UserError(
      `postgres-url: ${rows[0].user} is not a superuser and may not make what the platform ${name} has (${path}:${line}: ${detail ?? message}). Connect as a superuser (supabase_admin on Supabase's images), or as an owner with createdb, createrole, bypassrls and replication on a server whose roles are its own.`,
      { exitCode: 3, cause: error },
    );
  }
}

/** A superuser would be held back by nothing, so that the proofs would prove nothing. */
async function chooseDeployer(admin: Session, { deployers }: Platform): Promise<string | null> {
  const { rows } = await admin.query<{ rolname: string }>(
    'select rolname from pg_catalog.pg_roles where rolname = any ($1) and not rolsuper',
    [deployers],
  );
  return deployers.find((name) => rows.some(({ rolname }) => rolname === name)) ?? null;
}

/**
 * The deployer may be a role that cannot log in, or somebody's whose password is not ours to change, and another run may use
 * it at the same time: a role of our own logs in, and its role is the deployer's from the start. `reset role` comes back to
 * that, and `set session authorization default` to no more than a member of it.
 */
async function createLogin(admin: Session, user: string, deployer: string | null): Promise<Login> {
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

async function createBuilder(admin: Session, user: string): Promise<Login> {
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
async function grantMarkedRoles(admin: Session, { user }: Login): Promise<void> {
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

async function grantRoles(admin: Session, { user }: Login, roles: readonly string[]): Promise<void> {
  await refuseRolesOfTheServer(admin, roles);
  const { rows } = await admin.query<{ role: string }>(
    'select rolname as role from pg_catalog.pg_roles where rolname = any($1) and not rolsuper',
    [roles],
  );
  for (const { role } of rows) await admin.query(`grant ${quoteIdentifier(role)} to ${user}`);
}

/** Does nothing while another run is there; a role on which something of somebody else's depends stays. */
async function removeRoles(admin: Session): Promise<void> {
  const { rows } = await admin.query<{ alone: boolean }>(
    'select pg_catalog.pg_try_advisory_lock($1) as alone',
    [serverLock],
  );
  if (!rows[0]?.alone) return;
  try {
    const { rows: roles } = await admin.query<{ rolname: string }>(
      // What a builder granted goes with the roles that it made; until then it cannot go itself.
      `select rolname from pg_catalog.pg_roles where pg_catalog.shobj_description(oid, 'pg_authid') = $1
       order by pg_catalog.starts_with(rolname, 'schema_fix_')`,
      [roleComment],
    );
    for (const { rolname } of roles) await dropRole(admin, rolname);
  } finally {
    await admin.query('select pg_catalog.pg_advisory_unlock($1)', [serverLock]);
  }
}
