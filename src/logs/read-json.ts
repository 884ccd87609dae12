/** A line of Postgres' jsonlog (15 and later) → its entry, or null where it is none. */
import { z } from 'zod';
import type { LogEntry } from './log-entry.js';

export const jsonStart = '{"timestamp":"';

const shape = z.object({
  timestamp: z.string(),
  dbname: z.string().optional(),
  error_severity: z.string(),
  state_code: z.string().optional(),
  message: z.string().default(''),
  context: z.string().default(''),
  internal_query: z.string().default(''),
  statement: z.string().optional(),
});

export function readJson(line: string, readTime: (text: string) => number | null): LogEntry | null {
  const parsed = shape.safeParse(parse(line));
  if (!parsed.success) return null;
  const { timestamp, dbname, error_severity: severity, state_code: sqlstate, ...texts } = parsed.data;
  const at = readTime(timestamp);
  if (at === null) return null;
  return {
    at,
    severity,
    sqlstate: sqlstate ?? null,
    database: dbname ?? null,
    message: texts.message,
    context: `${texts.context}\n${texts.internal_query}`,
    statement: texts.statement ?? null,
  };
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
