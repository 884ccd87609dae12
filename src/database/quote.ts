/** Names and values, written so that SQL takes them for what they are. */
import pg from 'pg';

export const quoteIdentifier: (name: string) => string = pg.escapeIdentifier;
export const quoteLiteral: (value: string) => string = pg.escapeLiteral;

/** In a pattern: a name as SQL has it, in its schema or without, quoted where it has to be. */
export const nameInSql = String.raw`(?:"(?:[^"]|"")*"|[^\s".()]+)(?:\.(?:"(?:[^"]|"")*"|[^\s".()]+))*`;
