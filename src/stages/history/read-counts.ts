/** A database → what no definition tells of what a deployment left: how far the sequences of the fix's tables have counted, and the rows in quarantine. */
import { isReadableTable, quoteTable } from '../../database/table-names.js';
import type { Session } from '../../database/with-session.js';
import type { Bundle, DefinitionChange } from '../../model.js';
import { readSequences } from '../preservation/sequences.js';

export type Counts = Readonly<Record<string, string>>;

type Counting = Pick<Bundle, 'tables' | 'quarantine'>;

/** What this role may not read is left out. */
export async function readCounts(session: Session, { tables, quarantine }: Counting): Promise<Counts> {
  const counts = new Map<string, string>();
  for (const [name, { given, step, table }] of await readSequences(session))
    if (tables.includes(table ?? '')) counts.set(`numbers of ${name}`, sayNumber(given, step));
  if (quarantine !== null && (await isReadableTable(session, quarantine))) {
    const { rows } = await session.query<{ rows: string }>(
      `select pg_catalog.count(*)::pg_catalog.text as rows from ${quoteTable(quarantine)}`,
    );
    counts.set(`rows of ${quarantine}`, rows[0]?.rows ?? '');
  }
  return Object.fromEntries(counts);
}

const sayNumber = (given: bigint, step: bigint): string => `${given}${step < 0n ? ', counting down' : ''}`;

/** Numbers are drawn and rows put away every day; what has become less was set back, or taken out. */
export function compareCounts(then: Counts, now: Counts): DefinitionChange[] {
  return Object.entries(then).flatMap(([object, before]) => {
    const after = now[object];
    if (after === undefined) return [];
    const [was, is] = [before, after].map((count) => BigInt(count.replace(/,.*/, ''))) as [bigint, bigint];
    const isLess = before.endsWith('counting down') ? is > was : is < was;
    return isLess ? [{ object, before, after }] : [];
  });
}

/** Whoever has looked through the quarantine may empty it; numbers that come again are refused, or taken for others. */
export const isSetBack = ({ object }: DefinitionChange): boolean => object.startsWith('numbers of ');
