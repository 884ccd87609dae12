/** Definitions now, as they were recorded, and as they are when all is done → what is not what it was. */
import type { WayBack } from './note-deployment.js';
import type { Obstacle } from './obstacle.js';

type Known = ReadonlyMap<string, string>;

function changedBy({ before, after }: WayBack): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((object) => before[object] !== after[object])
    .sort();
}

/** What the deployment had made or changed, and somebody has changed since. What it has not touched is nobody's business. */
export function findDrift(way: WayBack, now: Known): Obstacle[] {
  return changedBy(way)
    .filter((object) => plain(object, way.after[object]) !== plain(object, now.get(object)))
    .map((object): Obstacle => {
      const word = !now.has(object)
        ? 'was dropped since'
        : object in way.after
          ? 'was changed since'
          : 'was made since';
      return { kind: 'definition', what: `${object} ${word}` };
    });
}

export interface Exempt {
  /** Relations that stay of the deployment. */
  readonly own: readonly string[];
  /** Constraints that are there, not valid, and indexes that are not. */
  readonly exempt: readonly string[];
}

/** What the deployment changed has to be as before it; all else as it was a moment ago. */
export function compareWithBefore(
  way: WayBack,
  { start, end }: { readonly start: Known; readonly end: Known },
  { own, exempt }: Exempt,
): string[] {
  const changed = new Set(changedBy(way));
  const objects = [...new Set([...Object.keys(way.before), ...start.keys(), ...end.keys()])].sort();
  return objects.filter((object) => {
    const wanted = changed.has(object) ? way.before[object] : start.get(object);
    if (plain(object, wanted) === plain(object, end.get(object))) return false;
    if (own.some((relation) => isOf(object, relation))) return false;
    // A schema, type or function that what stays needs.
    if (own.length > 0 && !(object in way.before) && end.get(object) === start.get(object)) return false;
    if (exempt.includes(object)) return false;
    // One for all tables has those that stay.
    if (isSamePublication(object, [wanted, end.get(object)], own)) return false;
    return !(
      isExempt(object, exempt) &&
      end
        .get(object)
        ?.replace(' NOT VALID', '')
        .replace(/ validated f$/, ' validated t') === wanted
    );
  });
}

/** What an object is to be like when all is done; `replica identity of TABLE`: the name of its index. */
export function wantedBy({ before, after }: WayBack, start: Known): (object: string) => string {
  const get = (object: string) =>
    (object in before || object in after ? before[object] : start.get(object)) ?? '';
  return (object) => {
    const [, table] = /^replica identity of (.*)$/s.exec(object) ?? [];
    if (table === undefined) return get(object);
    const index = [...new Set([...Object.keys(before), ...start.keys()])].find(
      (name) =>
        name.startsWith('index ') &&
        get(name).includes(` ON ${table} `) &&
        / replica identity t /.test(get(name)),
    );
    return index === undefined ? '' : (/\.("(?:[^"]|"")*"|[^."]+)$/.exec(index)?.[1] ?? '');
  };
}

/** A key that is there, not valid, is named without its table. */
export function isExempt(object: string, exempt: readonly string[]): boolean {
  return exempt.some(
    (name) =>
      object === name ||
      object.startsWith(`${name} on `) ||
      object.startsWith(`${name.replace(' ', ' "')}" on `),
  );
}

/** But for tables that stay of a deployment. */
export function isSamePublication(
  object: string,
  [one, other]: readonly [string | undefined, string | undefined],
  own: readonly string[],
): boolean {
  return (
    own.length > 0 &&
    object.startsWith('publication ') &&
    withoutTables(one, own) === withoutTables(other, own)
  );
}

/** A publication's definition ends with a list of its tables. */
function withoutTables(definition: string | undefined, own: readonly string[]): string | undefined {
  const start = definition?.indexOf(' [{') ?? -1;
  if (definition === undefined || start < 0) return definition;
  const tables = JSON.parse(definition.slice(start)) as { schemaname: string; tablename: string }[];
  const others = tables.filter(({ schemaname, tablename }) => {
    const name = `${schemaname}.${tablename}`;
    return !own.some((relation) => relation.replaceAll('"', '') === name);
  });
  return definition.slice(0, start) + JSON.stringify(others);
}

function isOf(object: string, relation: string): boolean {
  return (
    object.endsWith(` ${relation}`) || object.includes(` ${relation}.`) || object.endsWith(` on ${relation}`)
  );
}

/**
 * As it counts: a column that was away stands last, what was made again has another number, and privileges that were never given
 * are what their owner has in any case.
 */
export function plain(object: string, definition: string | undefined): string | undefined {
  if (definition === undefined) return undefined;
  const owner = /\bowner (\S+)/.exec(definition)?.[1];
  const usual = owner === undefined ? [] : usualPrivileges(object, owner);
  return definition
    .replace(/ position \d+ /, ' position ')
    .replace(/ ?privileges(?: \{([^}]*)\})?/, (whole, given?: string) =>
      given === undefined || usual.includes(given.split(',').sort().join()) ? '' : whole,
    );
}

/** Sorted. Since 17 an owner may maintain a table, too. */
function usualPrivileges(object: string, owner: string): string[] {
  const own = (letters: string) => `${owner}=${letters}/${owner}`;
  const open = (letter: string) => [`=${letter}/${owner}`, own(letter)].sort().join();
  if (object.startsWith('sequence ')) return [own('rwU')];
  if (object.startsWith('schema ')) return [own('UC')];
  if (object.startsWith('function ')) return [open('X')];
  return /^(table|view|materialized view) /.test(object) ? [own('arwdDxt'), own('arwdDxtm')] : [];
}
