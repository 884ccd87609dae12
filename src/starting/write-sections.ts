/** A plan → the sections of its bundle: primary keys, and row level security. */
import { quoteIdentifier, quoteLiteral } from '../database/quote.js';
import { keylessOf, type Plan } from './plan.js';
import { isDormant, keyNameOf, listOf, type Table } from './there.js';

/** By file; a section without work stays as a place for some. */
export function writeSections(plan: Plan): ReadonlyMap<string, string> {
  return new Map([
    ['sections/01_keys.sql', writeKeys(plan)],
    ['sections/02_row_level_security.sql', writePolicies(plan)],
  ]);
}

function writeKeys(plan: Plan): string {
  const { newKeys, tables } = plan;
  const blocks = tables
    .filter(({ name }) => newKeys.has(name))
    .map(
      ({ name, quoted }) => `
do $$
begin
    if not exists (
        select from pg_catalog.pg_constraint
        where conrelid = ${quoteLiteral(quoted)}::pg_catalog.regclass and contype = 'p'
    ) then
        alter table ${quoted} add constraint ${quoteIdentifier(keyNameOf(name))} primary key (${listOf(newKeys.get(name) ?? [])});
    end if;
end
$$;
`,
    );
  return `--! Title: A primary key for every table

-- A second run must find nothing to do: look at what is there, not at names.
${sayUndecided('No column is surely the key of', keylessOf(plan))}${blocks.length > 0 ? blocks.join('') : nothing}`;
}

/** A section holds a statement. */
const nothing = '-- Nothing yet. Put yours in the place of this statement.\ndo $$ begin null; end $$;\n';

function sayUndecided(what: string, tables: readonly Table[]): string {
  if (tables.length === 0) return '';
  return `-- ${what} ${tables.map(({ quoted }) => quoted).join(', ')}: decide, and say true in the check of it.\n`;
}

function writePolicies(plan: Plan): string {
  const { tables } = plan;
  const open = tables.filter((table) => !table.hasRowSecurity && !isDormant(table));
  return `--! Title: Row level security on every table

-- Where it was off, a policy keeps what everybody had, or leaves to everybody their own rows: narrow them here.
${sayUndecided('Policies that are there, and switched off, would speak if it were on, of', tables.filter(isDormant))}${open.length > 0 ? open.map((table) => guard(table, plan)).join('') : nothing}`;
}

function guard(table: Table, plan: Plan): string {
  const { quoted, grantees } = table;
  const owner = plan.owned.get(table.name);
  const policy = owner === undefined ? 'as before' : 'own rows';
  const condition = owner === undefined ? 'true' : owns(owner, plan);
  const roles =
    owner !== undefined && plan.isSupabase
      ? plan.usersRole
      : grantees.map((role) => (role === 'public' ? role : quoteIdentifier(role))).join(', ');
  const enable = `\nalter table ${quoted} enable row level security;\n`;
  if (roles === '') return enable;
  return `${enable}
do $$
begin
    if not exists (
        select from pg_catalog.pg_policy
        where polrelid = ${quoteLiteral(quoted)}::pg_catalog.regclass and polname = '${policy}'
    ) then
        create policy "${policy}" on ${quoted} to ${roles} using (${condition});
    end if;
end
$$;
`;
}

/** In a subquery it is asked once for a statement, not once for a row. */
function owns(column: string, { isSupabase }: Plan): string {
  return isSupabase
    ? `${quoteIdentifier(column)} = (select auth.uid())`
    : `${quoteIdentifier(column)}::text = (select pg_catalog.current_setting('request.jwt.claims', true)::jsonb ->> 'sub')`;
}
