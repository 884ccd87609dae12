/** Definitions, and the tables of a fix → all that is asked where these are read or written: policies, triggers, defaults, and what those name in turn. */
import { nameInSql } from '../database/quote.js';
import { wordsIn } from '../stages/words-in.js';

/** Object, as the catalog names it → its definition. */
type Definitions = ReadonlyMap<string, string>;

/** What acts by itself where a table is read or written. */
const acting = new RegExp(`^(?:policy|trigger|rule|constraint) .* on (${nameInSql})$`, 's');

/**
 * Every name in a definition is followed, to functions, relations, types, and to the policies of the relations: too much is better
 * than too little. Foreign keys are not: they ask no policy of the table that they lead to.
 */
export function findWhatTablesAsk(definitions: Definitions, tables: readonly string[]): ReadonlySet<string> {
  const named = new Map<string, string[]>();
  const attached = new Map<string, string[]>();
  for (const object of definitions.keys()) {
    const own = nameOf(object);
    if (own !== null) named.set(own, [...(named.get(own) ?? []), object]);
    const relation = relationOf(object);
    if (relation !== null) attached.set(relation, [...(attached.get(relation) ?? []), object]);
  }
  const found = new Set<string>();
  const waiting = tables.flatMap((table) => attached.get(table) ?? []);
  for (let object = waiting.pop(); object !== undefined; object = waiting.pop()) {
    const definition = definitions.get(object) ?? '';
    if (found.has(object) || definition.startsWith('FOREIGN KEY')) continue;
    found.add(object);
    for (const other of [...wordsIn(definition)].flatMap((word) => named.get(word) ?? [])) {
      const policies = (attached.get(relationOf(other) ?? '') ?? []).filter((it) => it.startsWith('policy '));
      waiting.push(other, ...policies);
    }
  }
  return found;
}

/** `function public.f(integer)` → f; the same of relations and types; null for what SQL does not mention by a name of its own. */
function nameOf(object: string): string | null {
  const [, name] =
    /^(?:function|table|view|materialized view|sequence|type) (?:.*?\.)?("(?:[^"]|"")+"|[^".(]+)(?:\(.*)?$/s.exec(
      object,
    ) ?? [];
  return name === undefined ? null : bare(name);
}

/** `policy p on public.notes`, `column public.notes.id` → public.notes; of a table or view its own name. */
function relationOf(object: string): string | null {
  const [, relation] =
    acting.exec(object) ??
    /^column (.*)\.(?:"(?:[^"]|"")+"|[^".]+)$/s.exec(object) ??
    /^(?:table|view|materialized view) (.*)$/s.exec(object) ??
    [];
  return relation === undefined ? null : bare(relation);
}

function bare(name: string): string {
  return name.replaceAll('"', '');
}
