/** A function → SQL that has Postgres parse each of its statements, with its variables as they are declared, and that does nothing. */
import { quoteIdentifier, quoteLiteral } from '../../database/quote.js';
import { findConflicts } from './find-conflicts.js';
import { type Embedded, type Program, readPlpgsql, wordsOf } from './read-plpgsql.js';

export interface Routine {
  /** `schema.name`. */
  readonly name: string;
  readonly signature: string;
  /** Without its schema, quoted. */
  readonly called: string;
  readonly isProcedure: boolean;
  readonly language: 'sql' | 'plpgsql';
  readonly body: string;
  readonly arguments: string;
  readonly result: string | null;
  readonly path: string;
  readonly takes: readonly { readonly name: string; readonly type: string; readonly mode: string }[];
  /** Those whose trigger it is, quoted. */
  readonly tables: readonly string[];
  /** Under which names they give it the rows of a statement. */
  readonly transitions: readonly { readonly table: string; readonly name: string }[];
  /** Numbers of the types that `return query` has to give. */
  readonly answers: readonly string[] | null;
}

export interface Attempt {
  /** Where in the function it stands. */
  readonly place: string;
  /** Tells it from others of the function. */
  readonly label: string;
  readonly path: string;
  readonly statements: readonly string[];
  /** Whether Postgres plans it, beyond parsing it. */
  readonly isPlanned: boolean;
}

export function writeAttempts(routine: Routine): Attempt[] {
  const { path, body } = routine;
  const attempt = (
    place: string,
    statements: readonly string[] | null,
    {
      isPlanned = false,
      table = null,
    }: { readonly isPlanned?: boolean; readonly table?: string | null } = {},
  ): Attempt[] =>
    statements === null ? [] : [{ place, label: `${place} of ${table}`, path, statements, isPlanned }];
  const planned = findConflicts(body).flatMap((sql, index) =>
    attempt(`conflict ${index}`, [`explain (costs off) ${sql}`], { isPlanned: true }),
  );
  if (routine.language === 'sql') return [...attempt('whole', [writeSql(routine)]), ...planned];
  const program = readPlpgsql(body);
  const parsed = (routine.tables.length === 0 ? [null] : routine.tables).flatMap((table) => {
    const scope: Scope = { ...program, routine, table, types: typesOf(routine, program, table) };
    return program.embedded.flatMap((one, index) => [
      ...attempt(`${index}`, writeStatement(scope, one, index), { table }),
      ...attempt(`answer ${index}`, writeAnswer(scope, one, index), { table }),
    ]);
  });
  return [...parsed, ...planned];
}

function writeSql({ isProcedure, called, result, body, ...routine }: Routine): string {
  const head = `create ${isProcedure ? 'procedure' : 'function'} pg_temp.${called}(${routine.arguments})`;
  return `${head}${result === null ? '' : ` returns ${result}`} language sql as ${quoteLiteral(body)}`;
}

interface Scope extends Program {
  readonly routine: Routine;
  /** Whose trigger it is. */
  readonly table: string | null;
  /** As `Program.variables`, and with what the function is given. */
  readonly types: ReadonlyMap<string, string>;
}

function typesOf(
  { takes, result }: Routine,
  { variables }: Program,
  table: string | null,
): Map<string, string> {
  const types = new Map<string, string>();
  if (result === 'trigger') {
    for (const name of [
      'tg_name',
      'tg_when',
      'tg_level',
      'tg_op',
      'tg_table_name',
      'tg_table_schema',
      'tg_relname',
    ])
      types.set(name, 'text');
    types.set('tg_argv', 'text[]').set('tg_nargs', 'integer').set('tg_relid', 'oid');
    if (table !== null) types.set('new', table).set('old', table);
  }
  if (result === 'event_trigger') types.set('tg_event', 'text').set('tg_tag', 'text');
  for (const { name, type } of takes) types.set(asWritten(name), type);
  for (const name of ['sqlstate', 'sqlerrm']) types.set(name, 'text');
  return new Map([...types, ...variables]);
}

const asWritten = (name: string): string => (/^[a-z_][\w$]*$/.test(name) ? name : quoteIdentifier(name));

/** `x%type`, of a variable. */
function typeOf({ types, routine }: Scope, name: string): string | null {
  let type = types.get(name) ?? null;
  for (let steps = 0; steps < 9; steps += 1) {
    const other = /^([^.]+?)\s*%\s*type$/i.exec(type ?? '')?.[1];
    if (other === undefined) return type;
    const place = /^\$(\d+)$/.exec(other)?.[1];
    type =
      (place === undefined ? types.get(other.toLowerCase()) : inputsOf(routine)[Number(place) - 1]?.type) ??
      null;
  }
  return null;
}

const inputsOf = ({ takes }: Routine) => takes.filter(({ mode }) => /^[ibv]$/.test(mode));

/** What a statement needs of its function. */
interface Setting {
  readonly statements: readonly string[];
  readonly variables: readonly { readonly name: string; readonly type: string; readonly isRow: boolean }[];
}

/** null: it speaks of a row of which nothing tells what it is. */
function settingOf(scope: Scope, sql: string, before: number): Setting | null {
  const words = wordsOf(sql);
  const { routine, table } = scope;
  if (routine.result === 'trigger' && table === null && words.some(({ text }) => /^(new|old)$/.test(text)))
    return null;
  const used = [...scope.types.keys()].filter((name) => words.some(({ text }) => text === name));
  const statements = routine.transitions
    .filter((one) => one.table === table && words.some(({ text }) => text === asWritten(one.name)))
    .map(({ name }) => `create temporary view ${quoteIdentifier(name)} as select * from ${table}`);
  const variables: Setting['variables'][number][] = [];
  for (const name of used) {
    const isRow = words.some(({ text }, at) => text === name && words[at + 1]?.text === '.');
    let type = typeOf(scope, name);
    if (type?.toLowerCase() === 'record') {
      const from = scope.embedded.findLastIndex(({ into }, at) => at < before && into === name);
      const source = scope.embedded[from];
      const view = source === undefined ? null : writeView(scope, source, from, `schema_fix_${from}`);
      if (view === null) return null;
      statements.push(...view);
      type = `pg_temp.schema_fix_${from}`;
    }
    if (type !== null) variables.push({ name, type, isRow });
  }
  return { statements: [...new Set(statements)], variables };
}

/** As the body of a function in SQL, of which the variables are the parameters: there, too, columns come first. */
function writeStatement(scope: Scope, { sql }: Embedded, index: number): string[] | null {
  const setting = settingOf(scope, sql, index);
  if (setting === null) return null;
  const inputs = /\$\d/.test(sql)
    ? inputsOf(scope.routine).map(({ name, type }) => ({ name: asWritten(name), type }))
    : [];
  const more = setting.variables.filter(({ name }) => !inputs.some((one) => one.name === name));
  const given = [...inputs, ...more].map(({ name, type }) => `${name === '""' ? '' : quoted(name)} ${type}`);
  return [
    ...setting.statements,
    `create function pg_temp.${scope.routine.called}(${given.join(', ')}) returns void language sql as ${quoteLiteral(sql)}`,
  ];
}

const quoted = (name: string): string => (name.startsWith('"') ? name : quoteIdentifier(name));

/** Its columns as those of a view; of what writes there is none. */
function writeView(
  scope: Scope,
  { sql }: Embedded,
  index: number,
  view: string,
  columns: readonly string[] = [],
): string[] | null {
  const setting = settingOf(scope, sql, index);
  if (setting === null || !/^[\s(]*(select|with|values|table)\b/i.test(sql)) return null;
  const values = setting.variables.filter(({ isRow }) => !isRow);
  const rows = setting.variables.filter(({ isRow }) => isRow);
  const from = [
    `(select 1 as schema_fix_one${values.map(({ name, type }) => `, ${nothingOf(type)} as ${quoted(name)}`).join('')}) as ${scope.routine.called}`,
    ...rows.map(({ name, type }) => `(select (${nothingOf(type)}).*) as ${quoted(name)}`),
    `lateral (${sql}\n) as schema_fix_rows${columns.length === 0 ? '' : ` (${columns.join(', ')})`}`,
  ];
  return [
    ...setting.statements,
    `create temporary view ${view} as select schema_fix_rows.* from ${from.join(', ')}`,
  ];
}

/** `books.id%type` is known to declarations alone. */
function nothingOf(type: string): string {
  const [, table, column] = /^(.*)\.([^.]+?)\s*%\s*type$/is.exec(type) ?? [];
  return table === undefined ? `null::${type}` : `(select ${column} from ${table} limit 0)`;
}

/** What `return query` gives has to be of the very types that the function answers with. */
function writeAnswer(scope: Scope, one: Embedded, index: number): string[] | null {
  const { answers } = scope.routine;
  if (!one.isAnswer || answers === null) return null;
  const columns = answers.map((_, place) => `schema_fix_${place}`);
  const view = writeView(scope, one, index, 'schema_fix_answer', columns);
  return view === null
    ? null
    : [
        ...view,
        // What follows is ours: whatever the function's path finds is not asked.
        'set local search_path = pg_catalog, pg_temp',
        `do $schema_fix$
         begin
             if
                 (
                     select array_agg(attnum || ' ' || atttypid order by attnum)::text from pg_attribute
                     where attrelid = 'pg_temp.schema_fix_answer'::regclass
                 ) <> (
                     select array_agg(place || ' ' || type order by place)::text
                     from unnest(${quoteLiteral(`{${answers.join()}}`)}::text[]) with ordinality as a (type, place)
                 )
             then
                 raise sqlstate '42804' using message = 'the query gives columns of other types than the function answers with';
             end if;
         end
         $schema_fix$`,
      ];
}
