/** What a step should have got and what it got → PASS or FAIL, in words, with the status that the data API would answer. */
import { counted } from '../counted.js';
import type { Actor, Expectation, SqlProblem, StepResult } from '../model.js';

export type StepOutcome =
  | {
      readonly kind: 'done';
      readonly returnsRows: boolean;
      readonly changesRows: boolean;
      /** Of the rows returned or changed; null where Postgres gives no number, after `truncate` or `do`. */
      readonly count: number | null;
      readonly firstValue: string | null;
      /** What the same SQL came to as the deployer; null where nothing asked for it. */
      readonly control: Control | null;
    }
  | {
      readonly kind: 'error';
      readonly problem: SqlProblem;
      /** Whether nothing that the step names is the database's own: Postgres refuses it everywhere. */
      readonly namesNothing?: boolean;
    };

/** Whether there was something to refuse: what the deployer finds or changes where the actor found and changed nothing. */
export type Control =
  | { readonly kind: 'effect' }
  | { readonly kind: 'nothing' }
  /** The deployer does; the actor does not, whatever the rules of the tables say. */
  | { readonly kind: 'itself' }
  | { readonly kind: 'error'; readonly problem: SqlProblem };

export function judgeStep(
  expectation: Expectation,
  outcome: StepOutcome,
  actor: Actor | null,
): Pick<StepResult, 'outcome' | 'actual' | 'httpStatus' | 'problem'> {
  const passes = isMet(expectation, outcome);
  return {
    outcome: passes ? 'pass' : 'fail',
    actual: describeOutcome(outcome),
    httpStatus: outcome.kind === 'error' ? httpStatusOf(outcome.problem.sqlstate, actor) : null,
    problem: passes ? null : problemOf(outcome),
  };
}

function problemOf(outcome: StepOutcome): SqlProblem | null {
  if (outcome.kind === 'error') return outcome.problem;
  return outcome.control?.kind === 'error' ? outcome.control.problem : null;
}

/** Row level security refuses a read, an update or a delete by showing no row; so does a row that is not there. */
export function isSilent(outcome: StepOutcome): boolean {
  return outcome.kind === 'done' && outcome.count === 0;
}

export function isMet(expectation: Expectation, outcome: StepOutcome): boolean {
  if (outcome.kind === 'error') {
    const { sqlstate, message } = outcome.problem;
    if (isOwnDoing(outcome.problem)) return false;
    if (expectation.kind === 'refused') return sqlstate === insufficientPrivilege && !outcome.namesNothing;
    if (expectation.kind !== 'error' || expectation.sqlstate !== sqlstate) return false;
    return expectation.message === null || expectation.message === message;
  }
  switch (expectation.kind) {
    case 'rows':
      return outcome.returnsRows && outcome.count === expectation.count;
    case 'affected':
      return outcome.changesRows && outcome.count === expectation.count;
    case 'value':
      return outcome.returnsRows && outcome.count === 1 && outcome.firstValue === expectation.text;
    case 'refused':
      return isSilent(outcome) && outcome.control?.kind === 'effect';
    case 'error':
      return false;
  }
}

export function describeExpectation(expectation: Expectation): string {
  switch (expectation.kind) {
    case 'rows':
      return counted(expectation.count, 'row');
    case 'affected':
      return `${counted(expectation.count, 'row')} changed`;
    case 'value':
      return `value ${expectation.text}`;
    case 'error':
      return expectation.message ? `${expectation.sqlstate} ${expectation.message}` : expectation.sqlstate;
    case 'refused':
      return 'refused';
  }
}

/** What a step raises in its own text says nothing about the database. */
function isOwnDoing({ raisedBy }: SqlProblem): boolean {
  return raisedBy?.[0] === 'inline_code_block';
}

function describeOutcome(outcome: StepOutcome): string {
  if (outcome.kind === 'error' && isOwnDoing(outcome.problem))
    return `${outcome.problem.sqlstate}, which the step raises itself: nothing refused it`;
  if (outcome.kind === 'error') {
    const said = `${outcome.problem.sqlstate} ${outcome.problem.message}`;
    return outcome.namesNothing
      ? `${said}, as everywhere: the step names no table, function, schema or role of the database`
      : said;
  }
  if (outcome.control?.kind === 'nothing')
    return 'nothing to refuse: the deployer finds and changes nothing either';
  if (outcome.control?.kind === 'itself')
    return 'nothing refused it: without policies and triggers the actor finds and changes nothing either';
  if (outcome.control?.kind === 'error') {
    return `refused, or nothing to refuse: as the deployer it fails with ${outcome.control.problem.sqlstate}`;
  }
  if (outcome.count === null) return 'done';
  if (!outcome.returnsRows) return `${counted(outcome.count, 'row')} changed`;
  if (outcome.count === 1 && outcome.firstValue !== null) return `value ${outcome.firstValue}`;
  return counted(outcome.count, 'row');
}

const insufficientPrivilege = '42501';

/** As PostgREST maps them (docs.postgrest.org, "Errors"); what is not listed is 400. */
const httpStatuses: Readonly<Record<string, number>> = {
  [insufficientPrivilege]: 403,
  '23503': 409,
  '23505': 409,
  '25006': 405,
  '42883': 404,
  '42P01': 404,
  '42P17': 500,
  P0001: 400,
};

/** By class, where the code itself is not listed. */
const httpStatusClasses: Readonly<Record<string, number>> = { '08': 503, '53': 503, '54': 500, XX: 500 };

/** Without a token the API answers 401 where it would answer 403: signing in might help. */
export function httpStatusOf(sqlstate: string, actor: Actor | null): number {
  if (sqlstate === insufficientPrivilege && actor?.role === 'anon') return 401;
  return httpStatuses[sqlstate] ?? httpStatusClasses[sqlstate.slice(0, 2)] ?? 400;
}
