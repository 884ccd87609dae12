/** What pg-delta does not know of sequences → how far each had counted, and who may use one that numbers a column by itself. */
import { quoteLiteral } from '../../database/quote.js';
import type { Session } from '../../database/with-session.js';
import { readSequences } from '../preservation/sequences.js';

export interface SequenceBefore {
  readonly oid: string;
  /** Unquoted, as `readSequences` has it, and quoted. */
  readonly name: string;
  readonly relation: string;
  readonly isIdentity: boolean;
  /** The quoted table and column that it numbers. */
  readonly numbers: { readonly relation: string; readonly column: string } | null;
  /** Grantee, quoted, and what they may. */
  readonly grants: readonly { readonly grantee: string; readonly privilege: string }[];
  readonly given: bigint | null;
}

export async function readSequencesBefore(session: Session): Promise<SequenceBefore[]> {
  const given = await readSequences(session);
  const { rows } = await session.query<Omit<SequenceBefore, 'given'>>(
    `select
         c.oid::pg_catalog.text as oid, pg_catalog.format('%s.%s', n.nspname, c.relname) as name,
         pg_catalog.format('%I.%I', n.nspname, c.relname) as relation, coalesce(d.deptype = 'i', false) as "isIdentity",
         case when a.atttypid in (20, 21, 23) then pg_catalog.jsonb_build_object(
             'relation', pg_catalog.format('%I.%I', tn.nspname, t.relname), 'column', pg_catalog.quote_ident(a.attname)
         ) end as numbers,
         coalesce((
             select pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object(
                 'grantee', case when x.grantee = 0 then 'public' else x.grantee::pg_catalog.regrole::text end,
                 'privilege', lower(x.privilege_type) || case when x.is_grantable then ' *' else '' end
             ) order by x.grantee, x.privilege_type)
             from pg_catalog.aclexplode(c.relacl) as x
         ), '[]') as grants
     from pg_catalog.pg_class as c
     inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
     left join pg_catalog.pg_depend as d
         on d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.objid = c.oid and d.objsubid = 0
         and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.deptype in ('a', 'i')
     left join pg_catalog.pg_class as t on d.refobjid = t.oid
     left join pg_catalog.pg_namespace as tn on t.relnamespace = tn.oid
     left join pg_catalog.pg_attribute as a on a.attrelid = t.oid and a.attnum = d.refobjsubid
     where c.relkind = 'S' and n.nspname !~ '^pg_(toast_)?temp_'`,
  );
  return rows.map((row) => ({ ...row, given: given.get(row.name)?.given ?? null }));
}

/** The statements that come last. */
export function restoreSequences(
  before: readonly SequenceBefore[],
  after: readonly SequenceBefore[],
  suspects: readonly string[],
): string[] {
  const now = new Map(after.map((sequence) => [sequence.oid, sequence]));
  return before.flatMap((old) => {
    const then = now.get(old.oid);
    return [
      // One that is made again would begin at the beginning, and hand out what is there already.
      ...(then === undefined && old.given !== null ? [setValue(old, old.given)] : []),
      ...(old.isIdentity && JSON.stringify(old.grants) !== JSON.stringify(then?.grants)
        ? regrant(old, then, suspects)
        : []),
    ];
  });
}

function setValue({ relation, numbers }: SequenceBefore, given: bigint): string {
  const name = quoteLiteral(relation);
  if (numbers === null) return `select pg_catalog.setval(${name}, ${given}, true) where ${given} > 0`;
  return `select pg_catalog.setval(${name}, s.given, true)
    from (select greatest(${given}, (select max(${numbers.column}) from ${numbers.relation})) as given) as s where s.given > 0`;
}

/** `suspects`: whom default privileges give something, should the sequence be made again. */
function regrant(
  old: SequenceBefore,
  then: SequenceBefore | undefined,
  suspects: readonly string[],
): string[] {
  const grantees = new Set([
    ...old.grants.map(({ grantee }) => grantee),
    ...(then?.grants ?? []).map(({ grantee }) => grantee),
    ...suspects,
  ]);
  return [
    ...[...grantees].map((grantee) => `revoke all on sequence ${old.relation} from ${grantee}`),
    ...old.grants.map(
      ({ grantee, privilege }) =>
        `grant ${privilege.replace(' *', '')} on sequence ${old.relation} to ${grantee}${privilege.endsWith(' *') ? ' with grant option' : ''}`,
    ),
  ];
}

/** Roles, quoted, to which somebody's default privileges give something of a sequence. */
export async function readSuspects(session: Session): Promise<string[]> {
  const { rows } = await session.query<{ grantee: string }>(
    `select distinct case when x.grantee = 0 then 'public' else x.grantee::pg_catalog.regrole::text end as grantee
     from pg_catalog.pg_default_acl as d
     cross join lateral pg_catalog.aclexplode(d.defaclacl) as x
     where d.defaclobjtype = 'S'
     order by 1`,
  );
  return rows.map(({ grantee }) => grantee);
}
