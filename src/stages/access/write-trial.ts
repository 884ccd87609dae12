/** A table or view of one role → a block that tries each verb as each person, on the server, and undoes it. */

import { quoteIdentifier, quoteLiteral } from '../../database/quote.js';
import type { Block } from '../../database/run-block.js';
import {
  isToldByPlace,
  mayTry,
  placeOf,
  type Relation,
  readableColumns,
  tableOf,
  type Verb,
} from './relation.js';

/** Raised by ourselves to undo what was tried; whatever else arrives is an answer. */
const undo = 'SFU00';

/**
 * The block is given `people`, the `ids` of all rows where rows are told by their place, and `copies`, rows to add copies of; with
 * `ofIdsAlone` the others are not read. It answers once a person. It changes roles itself, and is the deployer's again whenever a
 * block within it ends: ending it by an exception brings back role and settings.
 */
export function writeTrial(
  relation: Relation,
  verbs: readonly Verb[],
  { ofIdsAlone = false }: { readonly ofIdsAlone?: boolean } = {},
): Block {
  const tries = verbs
    .filter((verb) => mayTry(relation, verb))
    .map((verb) => (ofIdsAlone && verb === 'read' ? readIds(relation) : trials[verb](relation)));
  return {
    variables: `    ids text[] := array(select value from pg_catalog.jsonb_array_elements_text(given -> 'ids'));
    copies text[] := array(select value from pg_catalog.jsonb_array_elements_text(given -> 'copies'));
    person jsonb;
    answer jsonb;
    got jsonb;
    is_done boolean;
    is_cut_short boolean := false;
    affected bigint;
    deployer text := pg_catalog.current_setting('role');
    state text;
    said text;
    of_table text;
    of_type text;
    schema_fix_one text;
    copy ${tableOf(relation)};
    place int;
    possible text[];
${ofIdsAlone ? tids : ''}`,
    body: `    for person in select value from pg_catalog.jsonb_array_elements(given -> 'people') loop
        answer := '{}';
${tries.join('\n')}
        answers := answers || answer;
    end loop;`,
  };
}

const trials: Readonly<Record<Verb, (relation: Relation) => string>> = {
  read: tryToRead,
  change: tryToChange,
  delete: tryToDelete,
  add: tryToAdd,
};

/** From here to the end of the block the statements are the person's. */
const become = (role: string): string => `
            perform pg_catalog.set_config(s.key, s.value, true)
            from pg_catalog.jsonb_each_text(person -> 'settings') as s;
            perform pg_catalog.set_config('role', ${quoteLiteral(role)}, true);`;

/** Every error is an answer. Once a statement ran out of time, nothing more is tried: nothing would end the next one. */
function block(verb: Verb, role: string, work: string, fallback = ''): string {
  return `
        got := null;
        is_done := false;
        if is_cut_short then
            answer := answer || pg_catalog.jsonb_build_object(
                '${verb}', pg_catalog.jsonb_build_object('sqlstate', '57014', 'message', 'an earlier try took too long')
            );
        else
        begin${become(role)}
            ${work}
            is_done := true;
            raise sqlstate '${undo}';
        exception when query_canceled or others then
            get stacked diagnostics state = returned_sqlstate, said = message_text;
            if is_done and state = '${undo}' then
                answer := answer || pg_catalog.jsonb_build_object('${verb}', coalesce(got, '[]'::jsonb));
            else
                is_done := false;
                is_cut_short := state = '57014';
                answer := answer || pg_catalog.jsonb_build_object(
                    '${verb}', pg_catalog.jsonb_build_object('sqlstate', state, 'message', said)
                );
            end if;
        end;${fallback}
        end if;`;
}

function tryToRead(relation: Relation): string {
  const columns = readableColumns(relation).map((name) => `t.${quoteIdentifier(name)}`);
  const told = isToldByPlace(relation)
    ? `pg_catalog.array_agg(${placeOf('t')})`
    : `pg_catalog.array_agg(distinct row(${columns.join(', ')})::pg_catalog.text)`;
  return block(
    'read',
    relation.role,
    `select pg_catalog.to_jsonb(${told}) into got from ${tableOf(relation)} as t;`,
  );
}

const tids = `    schema_fix_tids tid[] := array(
        select pg_catalog.substr(i.id, pg_catalog.strpos(i.id, '('))::pg_catalog.tid from pg_catalog.unnest(ids) as i (id)
    );
`;

/** By where they lie: the rest of a large table is not read. */
const readIds = (relation: Relation): string =>
  block(
    'read',
    relation.role,
    `select pg_catalog.to_jsonb(pg_catalog.array_agg(s.place)) into got
            from (select ${placeOf('t')} as place from ${tableOf(relation)} as t where t.ctid = any(schema_fix_tids)) as s
            where s.place = any(ids);`,
  );

/** A column that may be written and not read can still be set to its default. */
function assignments(relation: Relation): string {
  return relation.columns
    .filter(({ changes }) => changes)
    .map(({ name, reads }) => {
      const column = quoteIdentifier(name);
      return `${column} = ${reads ? `t.${column}` : 'default'}`;
    })
    .join(', ');
}

function tryToChange(relation: Relation): string {
  const statement = `update ${tableOf(relation)} as t set ${assignments(relation)}`;
  return write(relation, 'change', (where) => `${statement}${where}`) + changeBlindly(relation);
}

/**
 * A change that reads nothing is bound by the policies for changes alone, not by those for reading: somebody may overwrite
 * rows that they cannot see.
 */
function changeBlindly(relation: Relation): string {
  const column = relation.columns.find(({ changes, isFree }) => changes && isFree);
  if (!relation.isGuarded || !isToldByPlace(relation) || column === undefined) return '';
  return `
        if not is_cut_short then
        begin${become(relation.role)}
            update ${tableOf(relation)} set ${quoteIdentifier(column.name)} = default;
            get diagnostics affected = row_count;
            perform pg_catalog.set_config('role', deployer, true);
            got := ${writtenRows(relation)};
            raise sqlstate '${undo}';
        exception when query_canceled or others then
            -- A refusal says nothing here: what was to be written may be what was refused.
            get stacked diagnostics state = returned_sqlstate;
            is_cut_short := state = '57014';
            if state = '${undo}' and affected > 0 and (
                pg_catalog.jsonb_typeof(answer -> 'change') = 'object'
                or affected > pg_catalog.jsonb_array_length(answer -> 'change')
            ) then
                answer := answer || pg_catalog.jsonb_build_object('change', got);
            end if;
        end;
        end if;`;
}

/** An updated row lies elsewhere, a deleted one nowhere: what is left where it was has not been written. */
const writtenRows = (relation: Relation): string => `(
                select pg_catalog.to_jsonb(pg_catalog.array_agg(i.id))
                from pg_catalog.unnest(ids) as i (id)
                where not exists (select from ${tableOf(relation)} as t where ${placeOf('t')} = i.id)
            )`;

/** Without a condition: what a condition could read is of no account to somebody who wants everything gone. */
function tryToDelete(relation: Relation): string {
  return write(relation, 'delete', (where) => `delete from ${tableOf(relation)} as t${where}`);
}

/** All rows at once; where an error stops that, one by one, because it may stand for one of them only. */
function write(relation: Relation, verb: Verb, statement: (where: string) => string): string {
  const { role } = relation;
  if (!isToldByPlace(relation)) {
    const columns = readableColumns(relation).map((name) => `t.${quoteIdentifier(name)}`);
    if (columns.length === 0) {
      // Without a column to return all that is known is how many rows there were.
      return block(
        verb,
        role,
        `${statement('')};
            get diagnostics affected = row_count;
            if affected > 0 then got := pg_catalog.jsonb_build_array(affected || ' rows'); end if;`,
      );
    }
    return block(
      verb,
      role,
      `with written as (${statement('')} returning row(${columns.join(', ')})::pg_catalog.text as told)
            select pg_catalog.to_jsonb(pg_catalog.array_agg(w.told)) into got from written as w;`,
      verb === 'delete' ? deleteWhatIsSeen : '',
    );
  }
  return block(
    verb,
    role,
    `${statement('')};
            get diagnostics affected = row_count;
            perform pg_catalog.set_config('role', deployer, true);
            if affected > 0 then got := ${writtenRows(relation)}; end if;`,
    oneByOne(
      verb,
      role,
      'ids',
      `${statement(` where ${placeOf('t')} = schema_fix_one`)};
                    get diagnostics affected = row_count;
                    perform pg_catalog.set_config('role', deployer, true);
                    if affected = 0 then raise sqlstate '42501'; end if;`,
    ),
  );
}

/** A key that holds one row of a view back says that the rules let all be deleted. */
const deleteWhatIsSeen = `
        if not is_done and state like '23%' and pg_catalog.jsonb_typeof(answer -> 'read') = 'array' then
            answer := answer || pg_catalog.jsonb_build_object('delete', answer -> 'read');
        end if;`;

/**
 * After an error: each row in a block of its own. A constraint (class 23) speaks up after row level security has let the row
 * through, so it is a yes; 42501, where policies were asked, and what a trigger raises are a no; anything else is kept as the answer if nothing was possible.
 */
function oneByOne(verb: Verb, role: string, list: 'ids' | 'copies', work: string): string {
  return `
        if not is_done and state <> '57014' then
            got := null;
            possible := '{}';
            foreach schema_fix_one in array ${list} loop
                is_done := false;
                begin${become(role)}
                    ${work}
                    is_done := true;
                    raise sqlstate '${undo}';
                exception when query_canceled or others then
                    ${keepAnswer('schema_fix_one')}
                end;
                exit when is_cut_short;
            end loop;
            ${conclude(verb)}
        end if;`;
}

/** With `row_security = off` nobody is told what the policies let through. */
const withoutRowSecurity = 'query would be affected by row-level security policy%';

const keepAnswer = (
  id: string,
  isYes = "state like '23%'",
): string => `get stacked diagnostics state = returned_sqlstate, said = message_text, of_table = table_name, of_type = pg_datatype_name;
                    -- A constraint says whose it is; what somebody raises in its name does not.
                    if state like '23%' and of_table = '' and of_type = '' then
                        state := 'P0001';
                    end if;
                    if (is_done and state = '${undo}') or ${isYes} then
                        possible := possible || ${id};
                    elsif state = '57014' then
                        is_cut_short := true;
                        got := pg_catalog.jsonb_build_object('sqlstate', state, 'message', said);
                    elsif (state <> '42501' or said like '${withoutRowSecurity}') and state not like 'P0%' then
                        got := pg_catalog.jsonb_build_object('sqlstate', state, 'message', said);
                    end if;`;

const conclude = (verb: Verb): string => `if got is null or pg_catalog.cardinality(possible) > 0 then
                got := pg_catalog.to_jsonb(possible);
            end if;
            answer := answer || pg_catalog.jsonb_build_object('${verb}', got);`;

/** A copy is one too many; what else a table refuses of a row that it has is what a view leaves out. */
const ofTwice = "state in ('23505', '23P01', '23503')";

/**
 * A copy of each row, its number too, as somebody would send it who knows the row: no sequence moves, for that would remain.
 * What is possible is told by the copy's place.
 */
function tryToAdd(relation: Relation): string {
  const columns = relation.columns.filter(({ adds }) => adds).map(({ name }) => quoteIdentifier(name));
  const names = columns.join(', ');
  const values = columns.map((column) => `copy.${column}`).join(', ');
  return `
        got := null;
        possible := '{}';
        if is_cut_short then
            got := pg_catalog.jsonb_build_object('sqlstate', '57014', 'message', 'an earlier try took too long');
        else
        begin${become(relation.role)}
            for place in select value::int from pg_catalog.jsonb_array_elements(person -> 'copies') loop
                is_done := false;
                begin
                    copy := copies[place];
                    insert into ${tableOf(relation)} (${names}) overriding system value values (${values});
                    is_done := true;
                    raise sqlstate '${undo}';
                exception when query_canceled or others then
                    ${keepAnswer('(place - 1)::text', relation.kind === 'v' ? ofTwice : undefined)}
                end;
                exit when is_cut_short;
            end loop;
            raise sqlstate '${undo}';
        exception when query_canceled or others then
            is_cut_short := is_cut_short or sqlstate = '57014';
        end;
        end if;
        ${conclude('add')}`;
}
