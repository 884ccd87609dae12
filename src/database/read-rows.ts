/** `copy … to stdout` → its rows as text, as they come, however many. */
import type { Socket } from 'node:net';
import { to } from 'pg-copy-streams';
import type { Session } from './with-session.js';

/**
 * Throws what the server refuses. The session is free again when the last was read; whoever stops before, because a disk is full,
 * ends it: what is still to come stands before the answer to any other query, which would be waited for without end.
 */
export async function* readRows(session: Session, statement: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const rows = session.query(to(statement));
  let isOver = false;
  const noteEnd = () => {
    isOver = true;
  };
  rows.once('end', noteEnd).once('error', noteEnd);
  try {
    for await (const chunk of rows as AsyncIterable<Buffer>) yield decoder.decode(chunk, { stream: true });
  } finally {
    if (!isOver) socketOf(session).destroy();
  }
}

function socketOf(session: Session): Socket {
  return (session as unknown as { readonly connection: { readonly stream: Socket } }).connection.stream;
}
