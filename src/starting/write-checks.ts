/** A plan → the checks of its bundle: is there what the sections make? */
import { quoteLiteral } from '../database/quote.js';
import { keylessOf, type Plan } from './plan.js';
import { isDormant, type Table } from './there.js';

/** By file. What is left for somebody to decide is in it as it is, so that the check changes with what they decide. */
export function writeChecks(plan: Plan): ReadonlyMap<string, string> {
  return new Map([
    ['checks/01_primary_key.sql', checkKeys(plan)],
    ['checks/02_row_level_security.sql', checkSecurity(plan)],
  ]);
}

function checkKeys(plan: Plan): string {
  return `--! Title: Primary key

-- Begin with what must be there: a table that is absent is a row that fails.${sayUndecided(keylessOf(plan), 'a key')}
select
    e.name as object,
    case when e.is_decided then 'a primary key' else 'none, until somebody decides' end as expected,
    case when t.oid is null then 'no table' when c.oid is null then 'none' else 'a primary key' end as actual,
    t.oid is not null and (c.oid is not null) = e.is_decided as pass
from (values ${namesOf(plan.tables, keylessOf(plan))}) as e (name, is_decided)
left join pg_catalog.pg_class as t on t.oid = pg_catalog.to_regclass(e.name)
left join pg_catalog.pg_constraint as c on c.conrelid = t.oid and c.contype = 'p'
`;
}

function checkSecurity({ tables }: Plan): string {
  const dormant = tables.filter(isDormant);
  return `--! Title: Row level security
${dormant.length === 0 ? '' : sayUndecided(dormant, 'it on')}
select
    e.name as object,
    case when e.is_decided then 'on' else 'off, until somebody decides' end as expected,
    case when t.oid is null then 'no table' when t.relrowsecurity then 'on' else 'off' end as actual,
    coalesce(t.relrowsecurity = e.is_decided, false) as pass
from (values ${namesOf(tables, dormant)}) as e (name, is_decided)
left join pg_catalog.pg_class as t on t.oid = pg_catalog.to_regclass(e.name)
`;
}

function sayUndecided(tables: readonly Table[], what: string): string {
  return tables.length === 0
    ? ''
    : `\n-- false is of tables left for you to decide: write true with what gives them ${what}.`;
}

function namesOf(tables: readonly Table[], undecided: readonly Table[]): string {
  return tables.map((table) => `(${quoteLiteral(table.quoted)}, ${!undecided.includes(table)})`).join(', ');
}
