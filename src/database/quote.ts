/** Names and values, written so that SQL takes them for what they are. */
import pg from 'pg';

export const quoteIdentifier: (name: string) => string = pg.escapeIdentifier;
export const quoteLiteral: (value: string) => string = pg.escapeLiteral;
