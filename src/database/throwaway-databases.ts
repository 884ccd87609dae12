/** A throwaway server → databases with a platform in them: made once as a template, then copied for each state. */
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { Platform } from '../model.js';
import { chooseDeployer, layPlatform, orSayWhatIsNeeded } from './lay-platform.js';
import { quoteIdentifier } from './quote.js';
import { createBuilder, createLogin, grantRoles, type Login, roleComment } from './throwaway-logins.js';
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

export interface ThrowawayOptions {
  readonly platforms: readonly Platform[];
  readonly signal: AbortSignal;
  /** Whether the layers of a platform that are not ours are laid by the superuser, too. */
  readonly isTrusted?: boolean;
}

/** Serialises what runs of ours do to a shared server's roles; the number is arbitrary but for ever the same. */
const serverLock = 7_305_200_104;
const locks = { platforms: serverLock + 1, work: serverLock + 2 };

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
          layPlatform(admin, { database, lock: locks.platforms }, platform, isTrusted ? null : builder),
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
