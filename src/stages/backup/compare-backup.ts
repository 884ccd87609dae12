/** The definitions of a database and of what was restored from its backup → what differs, beside who owns it. */
import { nameInSql } from '../../database/quote.js';
import type { Session } from '../../database/with-session.js';
import { escapePattern } from '../../escape-pattern.js';

export interface Definitions {
  /** Object → its definition. */
  readonly objects: ReadonlyMap<string, string>;
  /** Roles that own something in the database. */
  readonly owners: readonly string[];
}

export interface Comparison {
  readonly compared: number;
  /** Objects, in the order of their names. */
  readonly differing: readonly string[];
}

export interface Leeway {
  /** Schemas that are the host's, and not compared. */
  readonly hostSchemas: readonly string[];
  /** Names of what is known not to be in the backup, or could not be made where it was restored. */
  readonly excused: readonly string[];
}

/**
 * Who owns a thing is in the backup; where it is tried, one role stands for all owners. So they are taken for one on both sides,
 * and what an owner may do with their own is not compared, nor who granted what.
 */
export function compareBackup(
  source: Definitions,
  restored: Definitions,
  { hostSchemas, excused }: Leeway,
): Comparison {
  const owners = [...new Set([...source.owners, ...restored.owners])];
  const left = normalise(source.objects, owners);
  const right = normalise(restored.objects, owners);
  const names = [...new Set([...left.keys(), ...right.keys()])].filter(
    (name) => !isOfHost(name, hostSchemas),
  );
  const differing = names.filter((name) => left.get(name) !== right.get(name) && !isExcused(name, excused));
  return { compared: names.length, differing: differing.sort() };
}

function normalise(
  objects: ReadonlyMap<string, string>,
  owners: readonly string[],
): ReadonlyMap<string, string> {
  const words = owners.flatMap(waysToWrite).sort((one, other) => other.length - one.length);
  const owner = new RegExp(`(?<![\\w$])(?:${words.join('|')})(?![\\w$])`, 'g');
  const general = (text: string) => (words.length === 0 ? text : text.replace(owner, '‹owner›'));
  const normal = new Map<string, string>();
  const places = rankColumns(objects);
  // Default privileges of two owners have one name then.
  for (const [object, definition] of [...objects].sort()) {
    // Which version of an extension there is depends on the host.
    const text = object.startsWith('extension ')
      ? ''
      : joinPrivileges(general(withRank(definition, places.get(object))));
    const name = general(object);
    normal.set(
      name,
      [normal.get(name), text]
        .filter((part) => part !== undefined)
        .sort()
        .join('; '),
    );
  }
  return normal;
}

/** As patterns: quoted where Postgres has to, also within the text of an array, and without. */
function waysToWrite(role: string): string[] {
  const quoted = `"${role.replaceAll('"', '""')}"`;
  const inArray = quoted.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
  return [escapePattern(inArray), escapePattern(quoted), `"?${escapePattern(role)}"?`];
}

/** A column that was dropped has left its number behind: what is compared is the order of the others. */
function rankColumns(objects: ReadonlyMap<string, string>): ReadonlyMap<string, number> {
  const tables = new Map<string, { readonly object: string; readonly position: number }[]>();
  for (const [object, definition] of objects) {
    const [, table] = /^column (.*)\.(?:"(?:[^"]|"")*"|[^".]+)$/.exec(object) ?? [];
    const position = positionIn.exec(definition)?.[1];
    if (table === undefined || position === undefined) continue;
    tables.set(table, [...(tables.get(table) ?? []), { object, position: Number(position) }]);
  }
  return new Map(
    [...tables.values()].flatMap((columns) =>
      columns
        .sort((one, other) => one.position - other.position)
        .map(({ object }, index): [string, number] => [object, index]),
    ),
  );
}

const positionIn = /\bposition (\d+)\b/;

function withRank(definition: string, rank: number | undefined): string {
  // By the same number a sequence knows its column.
  const text = definition.replace(ownedBy, '$1');
  return rank === undefined ? text : text.replace(positionIn, `place ${rank}`);
}

const ownedBy = new RegExp(String.raw`(\bowned by ${nameInSql})\.\d+`);
const privileges = /\{[^{}]*=[^{}]*\/[^{}]*\}/g;

/** What each role may do, whoever granted it; Postgres orders them by the names of the roles. */
function joinPrivileges(definition: string): string {
  return definition
    .replace(privileges, (list) => {
      const granted = new Map<string, Set<string>>();
      for (const item of list.slice(1, -1).split(',')) {
        const [, role = '', letters = ''] =
          /^"?(.*)=([a-zA-Z*]*)\/.*$/.exec(item.replaceAll('\\"', '')) ?? [];
        if (role.startsWith('‹owner›')) continue;
        const known = granted.get(role) ?? new Set();
        for (const letter of letters.match(/[a-zA-Z]\*?/g) ?? []) known.add(letter);
        granted.set(role, known);
      }
      return [...granted]
        .map(([role, known]) => {
          const strongest = [...known].filter((letter) => letter.endsWith('*') || !known.has(`${letter}*`));
          return `${role}=${strongest.sort().join('')}`;
        })
        .sort()
        .join(',');
    })
    .replace(/\s+/g, ' ');
}

/** Where there is a host, it has extensions, event triggers and default privileges of its own. */
function isOfHost(object: string, schemas: readonly string[]): boolean {
  if (schemas.length === 0) return false;
  if (/^(extension|event trigger|default privileges) /.test(object)) return true;
  return schemas.some((schema) =>
    new RegExp(`(^schema |[ (])"?${escapePattern(schema)}"?(\\.|$)`).test(object),
  );
}

function isExcused(object: string, names: readonly string[]): boolean {
  return names.some((name) => new RegExp(`(?<![\\w$])"?${escapePattern(name)}"?(?![\\w$])`).test(object));
}

/** Whoever the server was made by owns what nobody else does, and is told of nowhere. */
export async function readOwners(session: Session): Promise<string[]> {
  const { rows } = await session.query<{ role: string }>(
    `select pg_catalog.pg_get_userbyid(s.refobjid) as role
     from pg_catalog.pg_shdepend as s
     where
         s.refclassid = 'pg_catalog.pg_authid'::pg_catalog.regclass
         and s.deptype = 'o'
         and s.dbid = (select d.oid from pg_catalog.pg_database as d where d.datname = pg_catalog.current_database())
     union
     select pg_catalog.pg_get_userbyid(d.datdba)
     from pg_catalog.pg_database as d
     where d.datname = pg_catalog.current_database()
     union
     select pg_catalog.pg_get_userbyid(10)
     union
     select 'pg_database_owner'`,
  );
  return rows.map(({ role }) => role);
}
