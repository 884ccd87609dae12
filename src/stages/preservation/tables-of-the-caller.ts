/** A function whose body is kept as a text → the tables in it that name no schema, where whoever calls it decides which these are. */
import { callsAround } from './read-figures.js';
import { mentionsIn, readPieces } from './read-pieces.js';
import { splitDefinition } from './split-definition.js';

/**
 * Temporary tables come first in every search path that does not name pg_temp, and any client may make one. With an empty path, or with
 * pg_temp behind all others, nobody's table stands before the one that is meant.
 */
export function tablesOfTheCaller(definition: string, isTable: (name: string) => boolean): string[] {
  const parts = splitDefinition(definition);
  if (parts === null) return [];
  const { head, body } = parts;
  const path = /\n SET search_path TO (.*)/.exec(head)?.[1]?.trim();
  if (path === "''" || (path !== undefined && /(^|, )["']?pg_temp["']?$/.test(path))) return [];
  const pieces = readPieces(body);
  const named = [...mentionsIn(pieces)];
  const ownNames = new Set(
    named
      .filter(({ at }) => pieces[at + 1]?.text === 'as' && opensAQuery.test(pieces[at + 2]?.text ?? ''))
      .map(({ name }) => name),
  );
  const tables = named.filter(
    ({ schema, name, from, at }) =>
      schema === null &&
      isBeforeATable.test(`${pieces[from - 2]?.text} ${pieces[from - 1]?.text}`) &&
      pieces[at + 1]?.text !== '(' &&
      !takesFrom.test(callsAround(pieces, from - 1)[0] ?? '') &&
      !ownNames.has(name) &&
      isTable(name),
  );
  return [...new Set(tables.map(({ name }) => name))];
}

/** Not `is distinct from x`, `select a into x`. */
const isBeforeATable = /^(?!distinct from$)(.* (from|join|only|update)|(insert|merge) into)$/;
/** `with mine as (select …)`. */
const opensAQuery = /^(\(|not|materialized)$/;
const takesFrom = /^(extract|substring|trim|overlay)$/;
