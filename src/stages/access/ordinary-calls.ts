/**
 * Functions as applications call them: whoever could call one before the fix, with values of the rows that there are, can do so after
 * it. What it does is undone, but for what sequences gave.
 */
import { counted } from '../../counted.js';
import { engineSql } from '../../database/engine-sql.js';
import { quoteIdentifier, quoteLiteral } from '../../database/quote.js';
import type { Block } from '../../database/run-block.js';
import { withSequencesPutBack } from '../../database/with-sequences-put-back.js';
import type { Session } from '../../database/with-session.js';
import { groupBy } from '../../group-by.js';
import { type Declared, declaredIn, thoseThatDeclare } from '../preservation/declared-names.js';
import { chooseArguments, type Input, readCaller, type Values } from './choose-arguments.js';
import { sayAnswer, type ToldOfWrites } from './judge-writes.js';
import { canceled, isCutShort } from './limit-time.js';
import type { Observation } from './observation.js';
import { isOutside, type Person, samplePeople } from './people.js';
import { runTrial } from './run-trial.js';

interface Callable {
  readonly name: string;
  readonly signature: string;
  /** Quoted. */
  readonly called: string;
  readonly definition: string;
  readonly roles: readonly string[];
  readonly inputs: readonly Input[];
}

interface Call {
  readonly person: Person;
  readonly values: Values;
}

interface AnsweredError {
  readonly sqlstate: string;
  readonly message: string;
}

/** The greatest of what it answered as a text, or the beginning of that; null: no row, or null in each. */
type Answer = { readonly said: string | null } | AnsweredError;

const isError = (answer: Answer): answer is AnsweredError => 'sqlstate' in answer;

interface Called extends Call {
  readonly answer: Answer;
}

/** By signature. */
export type OrdinaryCalls = ReadonlyMap<
  string,
  { readonly callable: Callable; readonly calls: readonly Called[] }
>;

/** So many of the data; strangers and visitors beside them. Actors come only where nobody is in the data. */
const mostPeople = 6;

function chooseCallers(people: readonly Person[]): Person[] {
  const hasData = people.some(({ kind }) => kind === 'in the data');
  return samplePeople(people, mostPeople).filter(({ kind }) => !hasData || kind !== 'actor');
}

/** `others`: roles as whom no person is tried. */
export async function noteOrdinaryCalls(
  session: Session,
  before: Observation,
  others: readonly Person[],
): Promise<OrdinaryCalls> {
  const people = [...chooseCallers(before.people), ...others];
  const callers = people.map((person) => ({ person, caller: readCaller(before, person.name) }));
  const callables = await listCallables(session, people);
  const noted = new Map<string, { readonly callable: Callable; readonly calls: readonly Called[] }>();
  await withSequencesPutBack(session, async () => {
    for (const callable of callables) {
      const calls = callers
        .filter(({ person }) => callable.roles.includes(person.role))
        .flatMap(({ person, caller }) =>
          chooseArguments(callable.inputs, caller).map((values): Call => ({ person, values })),
        );
      const answers = await tryCalls(session, callable, calls);
      const called = calls.flatMap((call, index): Called[] => {
        const answer = answers[index];
        return answer === undefined || isError(answer) ? [] : [{ ...call, answer }];
      });
      if (called.length > 0) noted.set(callable.signature, { callable, calls: called });
    }
  });
  return noted;
}

async function listCallables(session: Session, people: readonly Person[]): Promise<Callable[]> {
  const roles = [...new Set(people.map(({ role }) => role))];
  return (await session.query<Callable>(engineSql('callable_functions'), [roles])).rows;
}

/** Of a function that the fix made again, scenarios say what it does; one that is gone, or that somebody may no longer call, is told of elsewhere. */
export async function compareOrdinaryCalls(
  session: Session,
  notes: OrdinaryCalls,
  declared: Declared,
): Promise<ToldOfWrites> {
  const people = [...notes.values()].flatMap(({ calls }) => calls.map(({ person }) => person));
  const now = new Map((await listCallables(session, people)).map((one) => [one.signature, one]));
  const lost: Lost[] = [];
  await withSequencesPutBack(session, async () => {
    for (const [signature, { callable, calls }] of notes) {
      const same = now.get(signature);
      if (same === undefined || same.definition !== callable.definition) continue;
      const again = calls.filter(({ person }) => same.roles.includes(person.role));
      const answers = await tryCalls(session, same, again);
      lost.push(...findLost(callable, again, answers));
    }
  });
  return tellLost(lost, declared);
}

interface Lost {
  readonly callable: Callable;
  readonly person: Person;
  /** null: it answers nothing. */
  readonly error: AnsweredError | null;
}

/**
 * A function that answered some of these calls, and answers none of them now, has lost what it goes by; one call alone may be about what
 * is set aside. So has one that policies refuse whatever people in the data call it with: one call alone may have gone through an open door.
 */
function findLost(callable: Callable, calls: readonly Called[], answers: readonly Answer[]): Lost[] {
  const again = calls.flatMap(({ person, answer }, index) => {
    const now = answers[index];
    return now === undefined ? [] : [{ person, now, isAnswered: isAnswered(answer) }];
  });
  const isRefusedToAll = again.every(({ person, now }) => isOutside(person) || isError(now));
  const errors = again.flatMap(({ person, now }): Lost[] =>
    !isError(now) || saysNothing(now, person) || (isOfPolicies(now) && !isRefusedToAll)
      ? []
      : [{ callable, person, error: now }],
  );
  const spoke = again.filter((one) => one.isAnswered);
  const isSilent = spoke.every(({ now }) => !isError(now) && !isAnswered(now));
  return isSilent
    ? [...errors, ...spoke.map(({ person }): Lost => ({ callable, person, error: null }))]
    : errors;
}

const isAnswered = (answer: Answer): boolean =>
  !isError(answer) && answer.said !== null && !['', 'f', '[]', '{}'].includes(answer.said);

/** A lock, a row that is there already, and what nobody in particular is refused. */
const saysNothing = ({ sqlstate }: AnsweredError, person: Person): boolean =>
  /^(55P03|40|23505|23P01)/.test(sqlstate) || (sqlstate === '42501' && isOutside(person));

const isOfPolicies = ({ sqlstate, message }: AnsweredError): boolean =>
  sqlstate === '42501' && message.startsWith('new row violates row-level security policy');

function tellLost(lost: readonly Lost[], declared: Declared): ToldOfWrites {
  const nameOf = ({ callable: { name } }: Lost) => `answers of function ${name}`;
  const isDeclared = declaredIn(declared);
  const undeclared = lost.filter((one) => !isDeclared(nameOf(one)));
  const alike = groupBy(undeclared, (one) => `${one.callable.signature} ${sayLost(one)}`);
  return {
    reasons: [...alike.values()].map((ones) => {
      const [first] = ones as [Lost, ...Lost[]];
      const people = counted(new Set(ones.map(({ person }) => person)).size, 'person', 'people');
      return `${people} of those tried could call ${first.callable.signature} with values of their rows, and now it answers ${sayLost(first)}, though it is as it was: mend what it goes by; where it is meant, declare ${nameOf(first)} under changes of bundle.yml`;
    }),
    declared: thoseThatDeclare(declared, lost.map(nameOf)),
  };
}

function sayLost({ error }: Pick<Lost, 'error'>): string {
  if (error === null) return 'nothing to any of them';
  return isCutShort(error) ? 'nothing within statement-timeout' : sayAnswer(error);
}

/** Once time ran out nothing more is called: that call and all later ones are answered with 57014. */
async function tryCalls(
  session: Session,
  callable: Callable,
  calls: readonly Call[],
): Promise<readonly Answer[]> {
  const given = calls.map(({ person: { role, settings }, values }) => ({
    role,
    settings,
    statement: writeCall(callable, values),
  }));
  return runTrial<Answer>(session, trial, given, (message) => ({ sqlstate: canceled, message }));
}

function writeCall({ called, inputs }: Callable, values: Values): string {
  const given = inputs.flatMap(({ name, type, isOptional, isVariadic }, place) => {
    const value = values[place] ?? null;
    if (isOptional && value === null) return [];
    const cast = `${value === null ? 'null' : quoteLiteral(value)}::${type}`;
    if (isVariadic) return [`variadic ${cast}`];
    return [name === null ? cast : `${quoteIdentifier(name)} => ${cast}`];
  });
  // Each column is asked for: what is only counted need not be computed.
  return `select pg_catalog.max(schema_fix_answer::pg_catalog.text) from ${called}(${given.join(', ')}) as schema_fix_answer`;
}

/** Raised by ourselves to undo what was called. */
const undo = 'SFU00';

const trial: Block = {
  variables: `    attempt jsonb;
    answer jsonb;
    is_done boolean;
    is_cut_short boolean := false;
    one text;
    state text;
    said text;`,
  body: `    for attempt in select value from pg_catalog.jsonb_array_elements(given) loop
        -- The time of the statement ran out once, and nothing would end another call.
        if is_cut_short then
            answers := answers || answer;
            continue;
        end if;
        is_done := false;
        begin
            perform pg_catalog.set_config(s.key, s.value, true) from pg_catalog.jsonb_each_text(attempt -> 'settings') as s;
            perform pg_catalog.set_config('role', attempt ->> 'role', true);
            execute attempt ->> 'statement' into one;
            set constraints all immediate;
            is_done := true;
            raise sqlstate '${undo}';
        exception when query_canceled or others then
            get stacked diagnostics state = returned_sqlstate, said = message_text;
            if is_done and state = '${undo}' then
                answer := pg_catalog.jsonb_build_object('said', pg_catalog."left"(one, 20));
            else
                is_cut_short := state = '${canceled}';
                answer := pg_catalog.jsonb_build_object('sqlstate', state, 'message', said);
            end if;
        end;
        answers := answers || answer;
    end loop;`,
};
