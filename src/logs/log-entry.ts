/** What one message of a Postgres log says. Its texts may hold what is in rows: they are looked at, and told nowhere. */

export interface LogEntry {
  /** Milliseconds since 1970, UTC. */
  readonly at: number;
  readonly severity: string;
  /** null: the log does not say. */
  readonly sqlstate: string | null;
  readonly database: string | null;
  readonly message: string;
  /** CONTEXT and QUERY. */
  readonly context: string;
  readonly statement: string | null;
}

/** Of a message that goes on in other lines. */
export interface OpenEntry extends LogEntry {
  message: string;
  context: string;
  statement: string | null;
}

/** What is kept of one text of a message. */
export const longestText = 64 * 1024;

export function addText(text: string, more: string): string {
  return text.length >= longestText ? text : `${text}\n${more}`.slice(0, longestText);
}
