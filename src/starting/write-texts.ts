/** What is there, and how it is to be guarded → the files of a bundle. */
import { quoteIdentifier, quoteLiteral } from '../database/quote.js';
import { bare, isDormant, listOf, people, type Table } from './there.js';

/** What a bundle is written from. */
export interface Plan {
  readonly title: string;
  readonly isSupabase: boolean;
  /** Of an application's own: on Supabase those that the project has beside the host's. */
  readonly roles: readonly string[];
  readonly usersRole: string;
  readonly tables: readonly Table[];
  /** Tables without a primary key, and the columns that can be one. */
  readonly newKeys: ReadonlyMap<string, readonly string[]>;
  /** Tables that everybody reached, and the column that says whose a row is. */
  readonly owned: ReadonlyMap<string, string>;
  readonly rules: 'own and as before' | 'as before' | 'none';
  readonly subjects: readonly [string, string];
}

export function writeManifest(plan: Plan): string {
  const { title, isSupabase, roles, tables, owned, subjects, usersRole } = plan;
  const platform = isSupabase ? (roles.length > 0 ? 'project' : 'supabase') : 'app';
  const reason = 'everybody reached the rows of everybody';
  const differences = [...owned.keys()].flatMap((table) =>
    ['read', 'change', 'delete', 'add'].map(
      (verb) => `    - { table: ${table}, verb: ${verb}, outcome: lost, when: open, reason: ${reason} }`,
    ),
  );
  return `${[
    '# yaml-language-server: $schema=./bundle.schema.json',
    `title: ${JSON.stringify(title)}`,
    `platform: ${platform}`,
    `deployer: ${isSupabase ? 'supabase_owner' : 'app_owner'}   # who owns the tables and applies the fix; no superuser`,
    'tables:',
    ...tables.map(({ name }) => `  - ${name}`),
    'preserve:               # no row may be lost, and these are told by their keys',
    ...tables.flatMap((table) => writeKind(table, plan)),
    ...(differences.length > 0 && plan.rules !== 'none'
      ? [
          'access:                 # who reaches which row afterwards is in access/; this is what they lose by it',
          '  differences:',
          ...differences,
        ]
      : []),
    'actors:                 # who the scenarios and the proof of access speak of',
    `  ann: { role: ${usersRole}, claims: { sub: ${JSON.stringify(subjects[0])} } }`,
    `  ben: { role: ${usersRole}, claims: { sub: ${JSON.stringify(subjects[1])} } }`,
    ...(isSupabase ? ['  visitor: { role: anon }'] : []),
    ...otherRoles(plan).map((role) => `  ${role}: { role: ${role} }`),
  ].join('\n')}\n`;
}

/** Roles with a privilege, beside that of the users. */
function otherRoles({ isSupabase, tables, usersRole }: Plan): string[] {
  if (isSupabase) return [];
  return [...new Set(tables.flatMap(({ grantees }) => grantees))].filter(
    (role) =>
      role !== usersRole &&
      role !== 'public' &&
      /^[a-z][a-z0-9_]*$/.test(role) &&
      !['ann', 'ben', 'deployer'].includes(role),
  );
}

function writeKind(table: Table, { newKeys }: Plan): string[] {
  const known = table.primaryKey.length > 0 ? table.primaryKey : (newKeys.get(table.name) ?? []);
  const columns = known.length > 0 ? known : table.columns.slice(0, 1).map(({ name }) => name);
  const facts = columns.map((name, index) => {
    const type = table.columns.find((column) => column.name === name)?.type ?? '';
    const told = type === 'uuid' || type === 'bigint' ? type : 'text';
    return `      ${index === 0 ? 'key' : `key_${index + 1}`}: { columns: [${JSON.stringify(name)}], type: ${told} }`;
  });
  return [
    `  - name: ${JSON.stringify(table.name)}`,
    `    from: [${table.name}]`,
    `    to: [${table.name}]`,
    '    facts:',
    ...facts,
  ];
}

export function writePlatform({ isSupabase, roles, usersRole }: Plan): string {
  const owner = isSupabase ? 'supabase_owner' : 'app_owner';
  const made = isSupabase ? roles : [...new Set([owner, usersRole, ...roles])];
  const grants = made.filter((role) => role !== owner);
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
${grants.map((role) => `grant ${quoteIdentifier(role)} to ${owner};\n`).join('')}${
  isSupabase
    ? ''
    : `
grant create, usage on schema public to ${owner};
grant usage on schema public to ${grants.map(quoteIdentifier).join(', ')};
`
}`;
}

export function writeKeys({ newKeys, tables }: Plan): string {
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
        alter table ${quoted} add constraint ${quoteIdentifier(`${bare(name)}_pkey`)} primary key (${listOf(newKeys.get(name) ?? [])});
    end if;
end
$$;
`,
    );
  return `--! Title: A primary key for every table

-- A second run must find nothing to do: look at what is there, not at names.
${blocks.length > 0 ? blocks.join('') : 'do $$ begin null; end $$;\n'}`;
}

export function writePolicies(plan: Plan): string {
  const { tables } = plan;
  const open = tables.filter((table) => !table.hasRowSecurity && !isDormant(table));
  return `--! Title: Row level security on every table

-- Where it was off, a policy keeps what everybody had, or leaves to everybody their own rows: narrow them here.
${open.length > 0 ? open.map((table) => guard(table, plan)).join('') : 'do $$ begin null; end $$;\n'}`;
}

function guard(table: Table, plan: Plan): string {
  const { quoted, grantees } = table;
  const owner = plan.owned.get(table.name);
  const isOwn = owner !== undefined && plan.rules === 'own and as before';
  const policy = isOwn ? 'own rows' : 'as before';
  const roles =
    isOwn && plan.isSupabase
      ? 'authenticated'
      : grantees.map((role) => (role === 'public' ? role : quoteIdentifier(role))).join(', ');
  const text = isOwn ? `using (${owns(owner, plan)})` : 'using (true)';
  const enable = `\nalter table ${quoted} enable row level security;\n`;
  if (roles === '') return enable;
  return `${enable}
do $$
begin
    if not exists (
        select from pg_catalog.pg_policy
        where polrelid = ${quoteLiteral(quoted)}::pg_catalog.regclass and polname = '${policy}'
    ) then
        create policy "${policy}" on ${quoted} to ${roles} ${text};
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

export function writeKeyCheck({ tables, newKeys }: Plan): string {
  const known = tables.filter(({ name, primaryKey }) => primaryKey.length > 0 || newKeys.has(name));
  return `--! Title: Primary key

-- Begin with what must be there: a table that is absent is a row that fails.
select
    e.name as object,
    'a primary key' as expected,
    case when c.oid is null then 'none' else 'a primary key' end as actual,
    c.oid is not null as pass
from (values ${known.map(({ quoted }) => `(${quoteLiteral(quoted)})`).join(', ')}) as e (name)
left join pg_catalog.pg_constraint as c
    on c.conrelid = pg_catalog.to_regclass(e.name) and c.contype = 'p'
`;
}

export function writeSecurityCheck({ tables }: Plan): string {
  return `--! Title: Row level security

select
    e.name as object,
    'on' as expected,
    case when c.oid is null then 'no table' when c.relrowsecurity then 'on' else 'off' end as actual,
    coalesce(c.relrowsecurity, false) as pass
from (values ${tables
    .filter((table) => !isDormant(table))
    .map(({ quoted }) => `(${quoteLiteral(quoted)})`)
    .join(', ')}) as e (name)
left join pg_catalog.pg_class as c on c.oid = pg_catalog.to_regclass(e.name)
`;
}

/** By file; empty: nobody reached anything, so that there is nothing to say. */
export function writeRules(plan: Plan): ReadonlyMap<string, string> {
  const { tables, owned, rules } = plan;
  if (rules === 'none') return new Map();
  const isOwn = rules === 'own and as before';
  const own = [...owned].filter(() => isOwn);
  const others = tables.filter(({ name, grantees }) => !(isOwn && owned.has(name)) && grantees.length > 0);
  const files = new Map<string, string>();
  for (const [name, column] of own) {
    const table = tables.find((one) => one.name === name);
    if (table === undefined) continue;
    files.set(
      `access/${String(files.size + 1).padStart(2, '0')}_own_rows.sql`,
      `--! Title: Everybody does with their own rows of ${name} what they like

-- A query over the database as it was: who is to do what with which row afterwards.
select p.person, ${quoteLiteral(name)} as source, t.ctid::text as row, v.verb
from ${table.quoted} as t
join pg_temp.people as p on p.claims ->> 'sub' = t.${quoteIdentifier(column)}::text and p.role = ${quoteLiteral(plan.usersRole)}
cross join (values ('read'), ('change'), ('delete'), ('add')) as v (verb)
`,
    );
  }
  if (others.length > 0) {
    files.set(
      `access/${String(files.size + 1).padStart(2, '0')}_as_before.sql`,
      `--! Title: Who reached a row still reaches it, and nobody else does

-- Say here who is to reach which row, table by table, and take the table out of this list.
select p.person, p.source, p.row, p.verb
from pg_temp.possible as p
where
    p.is_known
    and p.source in (${others.map(({ name }) => quoteLiteral(name)).join(', ')})
`,
    );
  }
  return files;
}

export const accountsOfPeople = `insert into auth.users (id, email)
values
    ('${people.ann}', 'ann@example.org'),
    ('${people.ben}', 'ben@example.org')
on conflict do nothing;
`;
