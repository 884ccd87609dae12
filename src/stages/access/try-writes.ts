/** Rows that people write as their application does → in which way each could be written, or what the server answered; undone but for what sequences gave. */
import type { Block } from '../../database/run-block.js';
import type { Session } from '../../database/with-session.js';
import { canceled } from './limit-time.js';
import { runTrial } from './run-trial.js';

export interface Way {
  /** SQL that reads the row to be written, as the deployer; `$1` is the place of the one that it is made after. */
  readonly prepare: string;
  /** As the deployer, or null: what makes room for it. */
  readonly first: string | null;
  /** As the person; `$1` is the row, `$2` the place. */
  readonly statement: string;
  readonly times: number;
  /** The columns that are sent. */
  readonly sent: readonly string[];
  /** As the deployer, with the row as `$1` and the place as `$2`: of each of them, how many rows of this transaction say it; of a change, but the row itself as it was. */
  readonly count: string;
}

export interface Attempt {
  readonly role: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly place: string;
  /** The first that succeeds is the answer. */
  readonly ways: readonly Way[];
}

export interface Refusal {
  readonly sqlstate: string;
  readonly message: string;
  readonly constraint: string;
  readonly column: string;
  readonly table: string;
}

/** Which of the ways, and of which columns what was sent is stored; or what was answered to the last. */
export type Outcome = { readonly way: number; readonly kept: readonly string[] } | Refusal;

export const isRefusal = (outcome: Outcome): outcome is Refusal => 'sqlstate' in outcome;

/** `relation`: quoted. Once time ran out nothing more is tried: that attempt and all later ones are answered with 57014. */
export async function tryWrites(
  session: Session,
  relation: string,
  attempts: readonly Attempt[],
): Promise<readonly Outcome[]> {
  return runTrial<Outcome>(session, trialOf(relation), attempts, (message) => ({
    sqlstate: canceled,
    message,
    constraint: '',
    column: '',
    table: '',
  }));
}

/** Raised by ourselves to undo what was tried. */
const undo = 'SFU00';
const unready = 'SFU01';

/** What cannot be counted says nothing of what people can write. */
const countInto = (counts: string): string => `begin
                        execute way ->> 'count' into ${counts} using copy, attempt ->> 'place';
                    exception when others then
                        ${counts} := null;
                    end;`;

const trialOf = (relation: string): Block => ({
  variables: `    attempt jsonb;
    way jsonb;
    number int;
    answer jsonb;
    copy ${relation};
    is_done boolean;
    is_ready boolean;
    is_cut_short boolean := false;
    affected bigint;
    counted bigint[];
    counting bigint[];
    kept jsonb;
    deployer text := pg_catalog.current_setting('role');
    state text;
    said text;
    of_constraint text;
    of_column text;
    of_table text;`,
  body: `    for attempt in select value from pg_catalog.jsonb_array_elements(given) loop
        -- The time of the statement ran out once, and nothing would end another write.
        if is_cut_short then
            answers := answers || answer;
            continue;
        end if;
        answer := null;
        for way, number in select value, ordinality - 1 from pg_catalog.jsonb_array_elements(attempt -> 'ways') with ordinality loop
            is_done := false;
            is_ready := false;
            begin
                for turn in 1 .. (way ->> 'times')::int loop
                    execute way ->> 'prepare' into strict copy using attempt ->> 'place';
                    if way ->> 'first' is not null then
                        execute way ->> 'first' using attempt ->> 'place';
                    end if;
                    ${countInto('counted')}
                    is_ready := true;
                    perform pg_catalog.set_config(s.key, s.value, true) from pg_catalog.jsonb_each_text(attempt -> 'settings') as s;
                    perform pg_catalog.set_config('role', attempt ->> 'role', true);
                    execute way ->> 'statement' using copy, attempt ->> 'place';
                    get diagnostics affected = row_count;
                    if affected = 0 then
                        raise sqlstate '42501';
                    end if;
                    if turn = (way ->> 'times')::int then
                        set constraints all immediate;
                    end if;
                    perform pg_catalog.set_config('role', deployer, true);
                    ${countInto('counting')}
                end loop;
                kept := (
                    select pg_catalog.jsonb_agg(s.name)
                    from pg_catalog.jsonb_array_elements_text(way -> 'sent') with ordinality as s (name, place)
                    where counting[s.place::int] > counted[s.place::int]
                );
                is_done := true;
                raise sqlstate '${undo}';
            exception when query_canceled or others then
                get stacked diagnostics
                    state = returned_sqlstate, said = message_text, of_constraint = constraint_name, of_column = column_name,
                    of_table = table_name;
                if is_done and state = '${undo}' then
                    answer := pg_catalog.jsonb_build_object('way', number, 'kept', coalesce(kept, '[]'));
                else
                    is_cut_short := state = '${canceled}';
                    -- What stopped the deployer says nothing of the person.
                    if not is_ready and not is_cut_short then
                        state := '${unready}';
                    end if;
                    answer := pg_catalog.jsonb_build_object(
                        'sqlstate', state, 'message', said, 'constraint', of_constraint, 'column', of_column, 'table', of_table
                    );
                end if;
            end;
            exit when is_cut_short or answer ? 'way';
        end loop;
        answers := answers || answer;
    end loop;`,
});
