/** The whole text of a changelog of Liquibase → nothing, or a UserError where it says which of its changes are run. */
import { UserError } from '../errors.js';

const ofLiquibase = /^\s*--[ \t]*liquibase formatted sql/i;
const asksLiquibase =
  /^--[ \t]*(?:changeset\b.*\b(?:dbms:(?!postgresql\b)|context(?:Filter)?:|labels:|endDelimiter:|ignore:[ \t]*true)|preconditions\b|ignoreLines\b)|\$\{[\w.]+\}/im;

/** By its first line. */
export function isOfLiquibase(text: string): boolean {
  return ofLiquibase.test(text);
}

export function assertPlainChangelog(path: string, text: string): void {
  const asked = asksLiquibase.exec(text);
  if (asked === null) return;
  const line = text.slice(0, asked.index).split('\n').length;
  throw new UserError(
    `${path}:${line}: what of it is run is for Liquibase to say (dbms, context, labels, preconditions, ignore, ignoreLines, endDelimiter, \${…}). Let it run all changes on an empty database, and give before its address (postgres://…) or a dump of it.`,
  );
}
