/** What was counted at each source → errors around the deployment, column by column. */
import type { ErrorChart } from '../watched.js';
import type { CountedSource } from './judge-totals.js';

const hour = 3_600_000;
/** A chart with more columns cannot be read. */
const mostColumns = 48;
/** Minutes. */
const widths = [1, 5, 15, 30, 60, 120, 240, 480, 1440];

/** Two days at most, with columns as wide as it takes. */
export function drawChart(sources: readonly CountedSource[], deployedAt: number): ErrorChart | null {
  const seen = sources.filter(({ source }) => source.from !== null);
  if (seen.length === 0) return null;
  const day = 24 * hour;
  const from = Math.max(Math.min(...seen.map(({ source }) => source.from ?? deployedAt)), deployedAt - day);
  const to = Math.min(Math.max(...seen.map(({ source }) => source.to ?? deployedAt)), deployedAt + day);
  if (to <= from) return null;
  const minutes = widths.find((width) => (to - from) / (width * 60_000) <= mostColumns - 1) ?? 1440;
  const width = minutes * 60_000;
  // The deployment falls on the edge of a column.
  const begin = deployedAt - Math.ceil((deployedAt - from) / width) * width;
  const errors = new Array<number>(Math.max(1, Math.ceil((to - begin + 1) / width))).fill(0);
  for (const { counted } of seen) {
    for (const [minute, count] of counted.minutes) {
      const column = Math.floor((minute * 60_000 + 30_000 - begin) / width);
      if (column >= 0 && column < errors.length) errors[column] = (errors[column] ?? 0) + count;
    }
  }
  return { minutes, from: begin, errors };
}
