/** A plan → the platform of its bundle: the roles that an application has. */
import { quoteIdentifier, quoteLiteral } from '../database/quote.js';
import type { Plan } from './plan.js';

/** Its name, and whether it is a file of the bundle's own. */
export function platformOf({ isSupabase, roles }: Plan): { readonly name: string; readonly isOwn: boolean } {
  if (!isSupabase) return { name: 'app', isOwn: true };
  return roles.length > 0 ? { name: 'project', isOwn: true } : { name: 'supabase', isOwn: false };
}

export function writePlatform({ isSupabase, deployer, roles, usersRole }: Plan): string {
  const made = isSupabase ? roles : [...new Set([deployer, usersRole, ...roles])];
  const grants = made.filter((role) => role !== deployer);
  return `--! Title: ${isSupabase ? 'Supabase, and the roles of the project' : 'The roles of the application'}
${isSupabase ? '--! Needs: supabase\n' : ''}
-- Neither is a superuser or bypasses row level security. A role belongs to the whole server: it may be there already.
do $$
declare
    wanted text;
begin
    foreach wanted in array array[${made.map(quoteLiteral).join(', ')}] loop
        if not exists (select from pg_catalog.pg_roles where rolname = wanted) then
            execute pg_catalog.format('create role %I nologin', wanted);
            execute pg_catalog.format('comment on role %I is %L', wanted, 'created by schema-fix-action');
        end if;
    end loop;
end
$$;
${grants.map((role) => `grant ${quoteIdentifier(role)} to ${deployer};\n`).join('')}${
  isSupabase
    ? ''
    : `
grant create, usage on schema public to ${deployer};
grant usage on schema public to ${grants.map(quoteIdentifier).join(', ')};
`
}`;
}
