/** What `access.differences` declares → which entry something that differs falls under, and which entries nothing falls under. */
import { writeTableName } from '../../bundle/table-name.js';
import type { DeclaredDifference, IdleDifference } from '../../model.js';

export interface Declared {
  readonly differences: readonly DeclaredDifference[];
  /** Those under which something has fallen. */
  readonly met: Set<DeclaredDifference>;
}

export const beginDeclared = (differences: readonly DeclaredDifference[]): Declared => ({
  differences,
  met: new Set(),
});

/** The first, if there are several: each of them has been met. */
export function findDeclared(
  { differences, met }: Declared,
  covers: (declared: DeclaredDifference) => boolean,
): DeclaredDifference | undefined {
  const found = differences.filter(covers);
  for (const declared of found) met.add(declared);
  return found[0];
}

export function listIdle({ differences, met }: Declared): IdleDifference[] {
  return differences
    .filter((declared) => !met.has(declared))
    .map(({ table, verb, outcome, when, columns }) => ({ table, verb, outcome, when, columns }));
}

/** An entry as it is written in the manifest, but for its reason. */
export function writeDifference({
  table,
  verb,
  outcome,
  columns,
}: Pick<DeclaredDifference, 'table' | 'verb' | 'outcome' | 'columns'>): string {
  const inFlow = (text: string) => (/^[\w.$]+$/.test(text) ? text : JSON.stringify(text));
  const only = columns === null ? '' : `, columns: [${columns.map(inFlow).join(', ')}]`;
  return `{ table: ${inFlow(writeTableName(table))}, verb: ${verb}, outcome: ${outcome}${only}, reason: … }`;
}
