/** Rows that are in quarantine → which of them the manifest lets be there, and why; what is told of the others. */

import { some } from '../../counted.js';
import { quoteLiteral } from '../../database/quote.js';
import type { Session } from '../../database/with-session.js';
import {
  type Comparing,
  type Fates,
  indexOf,
  mostTold,
  nameless,
  type Place,
  shapeNow,
  tell,
} from './fates.js';
import { listVariants, subsets } from './list-variants.js';
import { type Comparison, collectFound, signaturesOf } from './match-rows.js';
import { takeSameKeys } from './name-differences.js';
import { indexesIn } from './note-table.js';
import type { NotedTable } from './note-tables.js';
import type { Allowance } from './plan-comparison.js';
import { projectQuarantined } from './project-row.js';
import { takeVariants } from './take-rows.js';

/** Takes each row under a reason for which the manifest lets it be there, which has to be the one that stands there. */
export async function takeQuarantined(
  session: Session,
  comparing: Comparing,
  index: number,
): Promise<number> {
  const { quarantine } = (comparing.tables[index] as NotedTable).allowance;
  let taken = 0;
  for (const [rule, { reason }] of quarantine.entries()) {
    const comparison = await collectQuarantined(session, comparing, index, reason);
    if (comparison === null) break;
    taken += await takeVariants(session, index, { ...comparison, aside: bitOf(rule) });
  }
  return taken;
}

/** As what is kept says for which of the manifest's reasons a row is there. */
export const bitOf = (rule: number): number => 1 << rule;

/** Only rows that were put there now: what was there before stands for itself. null: none of the table may be there. */
export async function collectQuarantined(
  session: Session,
  comparing: Comparing,
  index: number,
  reason: string | null = null,
): Promise<Comparison | null> {
  const { noted, allowance } = comparing.tables[index] as NotedTable;
  const { quarantine, shapes } = comparing;
  const shape = quarantine === null ? null : shapeNow(comparing, quarantine);
  if (noted === null || shape === null || allowance.quarantinedAs.length === 0) return null;
  const has = (name: string) => shape.columns.some((column) => column.name === name);
  if (!['source_table', 'reason', 'row_data'].every(has)) return null;
  const isForReason = reason === null ? '' : ` and q.reason = ${quoteLiteral(reason)}`;
  const names = allowance.quarantinedAs.map(quoteLiteral).join(', ');
  const now = [allowance.table, ...allowance.to].flatMap((table) => shapes.get(table)?.columns ?? []);
  await collectFound(
    session,
    indexOf(comparing, quarantine),
    `select a.* from (${projectQuarantined(noted, shape, now)}) as a
     inner join ${shape.relation} as q on q.ctid = a.place and q.tableoid = a.part and q.source_table in (${names})${isForReason}`,
  );
  return { noted, columns: null, isHome: false, yields: [] };
}

/**
 * A row of which the quarantine holds a complete copy may stay, without the time or the id that it cannot say any more; and so may a
 * later copy be there for another reason, which holds of it (`aside`).
 */
export async function takeEmptied(
  session: Session,
  index: number,
  { comparison, aside = 0 }: Pick<Place, 'comparison'> & { readonly aside?: number },
): Promise<void> {
  const variants = await listVariants(session, index, 'kept');
  if (variants.length === 0) return;
  const { facts } = comparison.noted.allowance;
  const typed = facts.reduce(
    (mask, { type }, fact) => (type === 'uuid' || type === 'timestamptz' ? mask | (1 << fact) : mask),
    0,
  );
  const tried = subsets(typed).flatMap((emptied) => variants.map((variant) => ({ emptied, variant })));
  for (const { emptied, variant } of tried) {
    if (emptied === 0) continue;
    const signatures = signaturesOf(comparison, { ...variant, free: variant.free | emptied });
    const isEmpty = facts.flatMap((_, fact) =>
      emptied & (1 << fact) ? [`f.vals[${comparison.noted.columns.length + fact + 1}] is null`] : [],
    );
    await session.query(
      `delete from pg_temp.schema_fix_loose
       where ctid in (
           select f.loose
           from pg_temp.schema_fix_found as f
           where f.fits & $2 = $2 and ${isEmpty.join(' and ')} and ${signatures.found} in (
               select ${signatures.noted}
               from pg_temp.schema_fix_kept as k
               inner join pg_temp.schema_fix_rows as n on n.ctid = k.place
               where k.tbl = $1 and n.free & $2 = $2 and n.alt & $3 = $3 and n.flex & $4 = $4
                   and n.aside & $5 = $5 and (k.aside <> $5 or $5 = 0)
           )
       )`,
      [index, variant.free, variant.alt, variant.flex, aside],
    );
  }
}

/** Rows that are complete in quarantine, where the manifest does not let them be, or not for the reason that stands there. */
export async function nameSetAside(session: Session, comparing: Comparing): Promise<void> {
  for await (const { index, fates, comparison } of collectEach(session, comparing)) {
    const pairs = await takeVariants(session, index, comparison);
    if (pairs === 0) continue;
    const { rows } = await session.query<{ label: string; unsure: number }>(
      `select n.label, n.unsure
       from (select place from pg_temp.schema_fix_kept where tbl = $1 order by ctid desc limit $2) as k
       inner join pg_temp.schema_fix_rows as n on n.ctid = k.place
       order by n.label
       limit ${mostTold}`,
      [index, pairs],
    );
    fates.lost += pairs;
    tell(
      fates,
      'moved without being declared',
      rows.map(({ label, unsure }) => {
        const where = `${label === '' ? nameless : label}, into ${comparing.quarantine}`;
        return { key: where + sayUnsure(comparison.noted.allowance, unsure) };
      }),
    );
  }
}

/** A condition that is null does not hold, and whoever wrote it meant something. */
function sayUnsure({ quarantine }: Pick<Allowance, 'quarantine'>, unsure: number): string {
  const reasons = quarantine.flatMap(({ reason }, rule) => (unsure & bitOf(rule) ? [`“${reason}”`] : []));
  return reasons.length === 0 ? '' : ` (for it the condition of ${some(reasons, 3)} is null)`;
}

/** Rows that are in quarantine, but not with all that they said. */
export async function nameHalfQuarantined(session: Session, comparing: Comparing): Promise<void> {
  for await (const { index, fates, comparison } of collectEach(session, comparing)) {
    const { count, told } = await takeSameKeys(session, index, comparison);
    fates.lost += count;
    tell(fates, 'gone', told);
  }
}

/** The tables that have pending rows, one after the other, with what is in quarantine of each as the rows found. */
async function* collectEach(
  session: Session,
  comparing: Comparing,
): AsyncGenerator<{ readonly index: number; readonly fates: Fates; readonly comparison: Comparison }> {
  for (const index of await indexesIn(session, 'schema_fix_pending')) {
    const comparison = await collectQuarantined(session, comparing, index);
    if (comparison !== null) yield { index, fates: comparing.compared[index] as Fates, comparison };
  }
}

/** Rows that are in quarantine now: where each was, by its table, and for which reason of the manifest it may be there, or null. */
export async function listSetAside(
  session: Session,
  tables: readonly NotedTable[],
): Promise<Map<string, Map<string, string | null>>> {
  const { rows } = await session.query<{ tbl: number; place: string; aside: number }>(
    `select n.tbl, n.part::pg_catalog.text || n.place::pg_catalog.text as place, k.aside
     from pg_temp.schema_fix_kept as k
     inner join pg_temp.schema_fix_rows as n on n.ctid = k.place`,
  );
  const found = new Map<string, Map<string, string | null>>();
  for (const { tbl, place, aside } of rows) {
    const { table, quarantine } = (tables[tbl] as NotedTable).allowance;
    const reason = quarantine.find((_, rule) => aside === bitOf(rule))?.reason;
    const places = found.get(table) ?? new Map<string, string | null>();
    found.set(table, places.set(place, aside === 0 ? null : (reason ?? pointsThere)));
  }
  return found;
}

const pointsThere = 'what it points at is in quarantine, and it with that';
