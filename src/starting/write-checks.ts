/** A plan → the checks of its bundle: is there what the sections make? */
import { quoteLiteral } from '../database/quote.js';
import { keyOf, type Plan } from './plan.js';
import { isDormant, type Table } from './there.js';

/** By file. What is left for somebody to decide is not asked for. */
export function writeChecks(plan: Plan): ReadonlyMap<string, string> {
  const keyed = plan.tables.filter((table) => keyOf(plan, table).length > 0);
  const guarded = plan.tables.filter((table) => !isDormant(table));
  return new Map([
    ...(keyed.length > 0 ? [['checks/01_primary_key.sql', checkKeys(keyed)] as const] : []),
    ...(guarded.length > 0 ? [['checks/02_row_level_security.sql', checkSecurity(guarded)] as const] : []),
  ]);
}

function checkKeys(tables: readonly Table[]): string {
  return `--! Title: Primary key

-- Begin with what must be there: a table that is absent is a row that fails.
select
    e.name as object,
    'a primary key' as expected,
    case when c.oid is null then 'none' else 'a primary key' end as actual,
    c.oid is not null as pass
from (values ${namesOf(tables)}) as e (name)
left join pg_catalog.pg_constraint as c
    on c.conrelid = pg_catalog.to_regclass(e.name) and c.contype = 'p'
`;
}

function checkSecurity(tables: readonly Table[]): string {
  return `--! Title: Row level security

select
    e.name as object,
    'on' as expected,
    case when c.oid is null then 'no table' when c.relrowsecurity then 'on' else 'off' end as actual,
    coalesce(c.relrowsecurity, false) as pass
from (values ${namesOf(tables)}) as e (name)
left join pg_catalog.pg_class as c on c.oid = pg_catalog.to_regclass(e.name)
`;
}

function namesOf(tables: readonly Table[]): string {
  return tables.map(({ quoted }) => `(${quoteLiteral(quoted)})`).join(', ');
}
