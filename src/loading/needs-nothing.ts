/** A statement that was refused → whether nothing is to be done: what it wants is there, or gone, without it. */
import type { DatabaseError } from '../database/database-error.js';
import type { BeforeFile } from '../model.js';

export function needsNothing(
  text: string,
  error: DatabaseError,
  { isDump }: Pick<BeforeFile, 'isDump'>,
): boolean {
  if (isOfExtension.test(text) && error.code === '42501') return true;
  if (isThereAsAlways(text, error)) return true;
  return isDump && (isGoneAlready(text, error) || isUnknownTimeout(text, error));
}

/** What is said of an extension that is there: the host has made it, and it says it itself. */
const isOfExtension = /^comment\s+on\s+extension\b/i;

/** `pg_dump --schema public` makes what every database has. */
function isThereAsAlways(text: string, { code }: DatabaseError): boolean {
  return code === '42P06' && /^create\s+schema\s+"?public"?\s*$/i.test(text);
}

/** A newer pg_dump turns off what an older server does not have. */
function isUnknownTimeout(text: string, { code }: DatabaseError): boolean {
  return code === '42704' && /^set\s+\w+_timeout\s*=\s*0$/i.test(text);
}

/** `pg_dump --clean` takes away what may be there. */
function isGoneAlready(text: string, { code = '' }: DatabaseError): boolean {
  return (
    ['42P01', '42704', '42883', '3F000'].includes(code) &&
    /^(drop\b|select\s+pg_catalog\.lo_unlink\b|alter\s+(table|domain)\s.*\s(drop\s+constraint|alter\s+column\s+\S+\s+drop\s+default)\b)/is.test(
      text,
    )
  );
}
