/** A plan → files of `access/`: who reaches which row afterwards. */
import { quoteIdentifier, quoteLiteral } from '../database/quote.js';
import type { Plan } from './plan.js';
import type { Table } from './there.js';

/** By file; empty: nobody reached anything, or nothing is to be said of it. */
export function writeRules({ tables, owned, usersRole, hasRules }: Plan): ReadonlyMap<string, string> {
  if (!hasRules) return new Map();
  const others = tables.filter(({ name, grantees }) => !owned.has(name) && grantees.length > 0);
  const rules = tables.flatMap((table) => {
    const column = owned.get(table.name);
    return column === undefined ? [] : [{ name: 'own_rows', text: ownRows(table, column, usersRole) }];
  });
  if (others.length > 0) rules.push({ name: 'as_before', text: asBefore(others) });
  return new Map(
    rules.map(({ name, text }, index) => [`access/${String(index + 1).padStart(2, '0')}_${name}.sql`, text]),
  );
}

function ownRows({ name, quoted }: Table, column: string, usersRole: string): string {
  return `--! Title: Everybody does with their own rows of ${name} what they like

-- A query over the database as it was: who is to do what with which row afterwards.
select p.person, ${quoteLiteral(name)} as source, t.ctid::text as row, v.verb
from ${quoted} as t
join pg_temp.people as p on p.claims ->> 'sub' = t.${quoteIdentifier(column)}::text and p.role = ${quoteLiteral(usersRole)}
cross join (values ('read'), ('change'), ('delete'), ('add')) as v (verb)
`;
}

function asBefore(tables: readonly Table[]): string {
  return `--! Title: Who reached a row still reaches it, and nobody else does

-- Say here who is to reach which row, table by table, and take the table out of this list.
select p.person, p.source, p.row, p.verb
from pg_temp.possible as p
where
    p.is_known
    and p.source in (${tables.map(({ name }) => quoteLiteral(name)).join(', ')})
`;
}
