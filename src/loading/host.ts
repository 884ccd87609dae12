/** What belongs to the hosting, by name: a statement about these alone may be left out where it fails. */

/** Schemas that Supabase and the extensions it brings keep for themselves. */
export const hostSchemas: ReadonlySet<string> = new Set([
  '_analytics',
  '_realtime',
  '_supavisor',
  'auth',
  'cron',
  'dbdev',
  'extensions',
  'graphql',
  'graphql_public',
  'information_schema',
  'net',
  'pg_catalog',
  'pgbouncer',
  'pgmq',
  'pgmq_public',
  'pgsodium',
  'pgsodium_masks',
  'pgtle',
  'realtime',
  'storage',
  'supabase_functions',
  'supabase_migrations',
  'vault',
]);

/** Those that Postgres keeps for itself wherever it runs: where nobody hosts, "auth" is the project's own. */
const schemasOfPostgres: ReadonlySet<string> = new Set(['information_schema', 'pg_catalog']);

export function hostSchemasOf({ isSupabase }: { readonly isSupabase: boolean }): Set<string> {
  return new Set(isSupabase ? hostSchemas : schemasOfPostgres);
}

/** What extensions that hostings have, and other servers mostly lack, make for themselves. */
export const schemasOfExtensions: ReadonlyMap<string, string> = new Map([
  ['pg_cron', 'cron'],
  ['pg_graphql', 'graphql'],
  ['pg_net', 'net'],
  ['pg_tle', 'pgtle'],
  ['pgmq', 'pgmq'],
  ['pgsodium', 'pgsodium'],
  ['supabase_vault', 'vault'],
]);

/** All of them are things in one of the host's schemas, or one of these itself. */
export function areOfHost(targets: readonly (readonly string[])[], ofHost: ReadonlySet<string>): boolean {
  return targets.every(([schema = '', ...rest]) => rest.length > 0 && ofHost.has(schema));
}

const roleOfPostgres = /^(postgres|pg_.*)$/;

const roleOfSupabase =
  /^(anon|authenticated|authenticator|service_role|dashboard_user|pgbouncer|pgtle_admin|supabase_.*|pgsodium_.*|cli_login_.*)$/;

/** Of Neon, RDS, Cloud SQL and Azure. */
const roleOfOthers = /^(neon_.*|neondb_owner|rds.*|cloudsql.*|azure_.*)$/;

export function isHostRole(role: string): boolean {
  return [roleOfPostgres, roleOfSupabase, roleOfOthers].some((names) => names.test(role));
}

/** Those that are there before any file is loaded; what other hosts make is made by the file that names it, if at all. */
export function isRoleOfPlatform(role: string, { isSupabase }: { readonly isSupabase: boolean }): boolean {
  return roleOfPostgres.test(role) || (isSupabase && roleOfSupabase.test(role));
}

/** What realtime listens to; a project adds tables to it and does not own it. */
export const hostPublications: ReadonlySet<string> = new Set([
  'supabase_realtime',
  'supabase_realtime_messages_publication',
]);

/** What Supabase, and most hostings, call the role that a project's statements are run by: here it is the deployer. */
export const deployersName = 'postgres';
