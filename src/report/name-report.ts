/** What tells one report of a matrix from the others: its file, its major, its shard. */
import type { Report } from '../model.js';

export interface NamedReport {
  /** The file it was read from. */
  readonly path: string;
  readonly report: Report;
}

/** `Postgres 14, shard 2 of 4` */
export function nameOf(report: Report): string {
  const { shard } = report;
  return `Postgres ${majorOf(report)}${shard === null ? '' : `, shard ${shard.index} of ${shard.count}`}`;
}

/** `17.10` is of major 17. */
export function majorOf({ postgres }: Report): number {
  return Number.parseInt(postgres[0]?.version ?? '', 10);
}
