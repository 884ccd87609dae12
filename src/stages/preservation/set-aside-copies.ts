/** Rows in quarantine that are no row's that went there → copies of rows that stayed and may be there; what is told of the others. */
import { counted } from '../../counted.js';
import type { Session } from '../../database/with-session.js';
import { type Comparing, type Fates, indexOf, mostTold, shapeNow, tell } from './fates.js';
import { listPossible } from './list-variants.js';
import { type Comparison, signaturesOf, type Variant } from './match-rows.js';
import type { NotedTable } from './note-tables.js';
import type { Allowance } from './plan-comparison.js';
import { projectAfter } from './project-row.js';
import { bitOf, collectQuarantined, takeEmptied } from './set-aside.js';

/** For what a copy may be there: `aside` tells of which rows that are others now, a bit of what was noted of each; 0: of whichever. */
interface Ground {
  readonly reason: string | null;
  readonly aside: number;
  /** What tells it from the others. */
  readonly number: number;
}

/** A row may stay or move as the manifest lets it, and a copy of it as it was be there: one for each reason. */
export async function takeCopiesSetAside(session: Session, comparing: Comparing): Promise<void> {
  const place = indexOf(comparing, comparing.quarantine);
  for (const [index, table] of comparing.tables.entries()) {
    for (const ground of groundsOf(table.allowance)) {
      if (!(await isLeft(session, place))) return;
      const comparison = await collectQuarantined(session, comparing, index, ground.reason);
      if (comparison === null) break;
      for (const variant of await listPossible(session, index, comparison, 'all'))
        await takeCopiesOf(session, index, {
          comparison,
          variant,
          ground,
          isOther: ground.aside === 0 ? 'true' : otherThan(comparing, table),
        });
      await takeEmptied(session, index, { comparison, aside: ground.aside });
    }
  }
}

function groundsOf({ quarantine, copies }: Allowance): Ground[] {
  return [
    ...quarantine.map(({ reason }, rule) => ({ reason, aside: bitOf(rule), number: bitOf(rule) })),
    ...copies.map((reason, at) => ({ reason, aside: 0, number: -1 - at })),
  ];
}

interface Copying {
  readonly comparison: Comparison;
  readonly variant: Variant;
  readonly ground: Ground;
  readonly isOther: string;
}

async function takeCopiesOf(
  session: Session,
  index: number,
  { comparison, variant, ground, isOther }: Copying,
): Promise<void> {
  const signatures = signaturesOf(comparison, variant);
  await session.query(
    `with b as (
         select s.place, s.signature, pg_catalog.row_number() over (partition by s.signature order by s.place) as copy
         from (
             select n.ctid as place, ${signatures.noted} as signature
             from pg_temp.schema_fix_rows as n
             where n.tbl = $1 and n.aside & $5 = $5 and n.free & $2 = $2 and n.alt & $3 = $3 and n.flex & $4 = $4 and ${isOther}
                 and n.ctid not in (
                     select k.place from pg_temp.schema_fix_kept as k where k.tbl = $1 and k.aside = $6
                     union all select c.place from pg_temp.schema_fix_copied as c where c.tbl = $1 and c.ground = $6
                 )
         ) as s
     ),
     a as (
         select s.loose, s.signature, pg_catalog.row_number() over (partition by s.signature order by s.loose) as copy
         from (select f.loose, ${signatures.found} as signature from pg_temp.schema_fix_found as f) as s
     ),
     pairs as materialized (select b.place, a.loose from b inner join a using (signature, copy)),
     copied as (insert into pg_temp.schema_fix_copied select $1, place, $6 from pairs),
     used as (delete from pg_temp.schema_fix_found where loose in (select loose from pairs))
     delete from pg_temp.schema_fix_loose where ctid in (select loose from pairs)`,
    [index, variant.free, variant.alt, variant.flex, ground.aside, ground.number],
  );
}

/** SQL for whether a noted row (`n`) is not as it was in its table. */
function otherThan(comparing: Comparing, { noted, allowance }: NotedTable): string {
  const shape = shapeNow(comparing, allowance.table);
  if (noted === null || shape === null) return 'true';
  return `n.digest not in (select a.digest from (${projectAfter(noted, shape)}) as a)`;
}

async function isLeft(session: Session, place: number): Promise<boolean> {
  const { rows } = await session.query('select from pg_temp.schema_fix_loose where tbl = $1 limit 1', [
    place,
  ]);
  return rows.length > 0;
}

/** A row that nobody put away, once more, of a kind that may not be there, or for a reason that does not hold of it. */
export async function nameNobodys(session: Session, comparing: Comparing): Promise<void> {
  const { quarantine, tables, compared } = comparing;
  const place = indexOf(comparing, quarantine);
  const shape = quarantine === null ? null : shapeNow(comparing, quarantine);
  if (
    shape === null ||
    !['source_table', 'reason'].every((name) => shape.columns.some((one) => one.name === name))
  )
    return;
  const known = [...new Set(tables.flatMap(({ allowance }) => allowance.quarantinedAs))];
  const { rows } = await session.query<{ source: string | null; reason: string | null; copies: string }>(
    `with nobodys as (
         delete from pg_temp.schema_fix_loose as l using ${shape.relation} as q
         where l.tbl = $1 and l.place = q.ctid and l.part = q.tableoid
         returning case when q.source_table = any ($2) then q.source_table end as source, q.reason
     )
     select source, reason, count(*) as copies from nobodys group by source, reason order by source, reason`,
    [place, known],
  );
  const fates = compared[place] as Fates;
  fates.appeared += rows.reduce((sum, { copies }) => sum + Number(copies), 0);
  tell(
    fates,
    'appeared',
    rows.slice(0, mostTold).map(({ source, reason, copies }) => ({
      key: `${counted(Number(copies), 'row')} of ${source ?? 'a table of which none may be there'}${reason === null ? '' : ` (“${reason}”)`}, of no row that may be there for that reason, or once more`,
    })),
  );
}
