/** A statement that names a tablespace, which belongs to the server → the same without it: where something lies changes nothing that it is. */
import type { DatabaseError } from '../database/database-error.js';

/** Only where the error says that the tablespace is not there; null: another error, or none is found. */
export function withoutTablespace(statement: string, { code, message }: DatabaseError): string | null {
  const [, missing] = /^tablespace "(.+)" does not exist$/.exec(message) ?? [];
  if (code !== '42704' || missing === undefined) return null;
  const plainer = statement.replace(clause, (words, quoted: string | undefined, plain = '') =>
    (quoted?.replaceAll('""', '"') ?? plain.toLowerCase()) === missing ? '' : words,
  );
  return plainer === statement ? null : plainer;
}

const clause = /\s+(?:using\s+index\s+)?tablespace\s+(?:"((?:[^"]|"")+)"|([\w$]+))/gi;
