/** `copy … to stdout` → its rows as text, as they come, however many. */
import { to } from 'pg-copy-streams';
import type { Session } from './with-session.js';

/** Throws what the server refuses. The session is free again when the last was read. */
export async function* readRows(session: Session, statement: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const rows = session.query(to(statement));
  for await (const chunk of rows as AsyncIterable<Buffer>) yield decoder.decode(chunk, { stream: true });
}
