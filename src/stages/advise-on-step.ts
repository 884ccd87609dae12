/** What a step of a scenario was refused by → what its author does about it: a fix's advice speaks of keys and owners that nobody makes here. */
import type { Actor, SqlProblem } from '../model.js';

/** Names tables, roles and constraints, and never a value: it is told of a target, too. `actor` is null for the deployer. */
export function adviseOnStep(problem: SqlProblem, actor: Actor | null): SqlProblem {
  const advice = adviceOf(problem, actor);
  return advice === null ? problem : { ...problem, advice };
}

function adviceOf({ sqlstate, message, detail }: SqlProblem, actor: Actor | null): string | null {
  const who = actor?.name ?? 'the deployer';
  switch (sqlstate) {
    case '23503': {
      const [, table] = /is not present in table "([^"]+)"/.exec(detail ?? '') ?? [];
      return /^update or delete/.test(message)
        ? `Another row still points at the one that ${who} changes or deletes. Let an earlier step take it away, or expect the error.`
        : `The row that ${who} writes points at one that is not in ${table ?? 'the other table'}. Make that one in scenarios/setup.sql, which runs before every scenario, or in an earlier step.`;
    }
    case '23505':
      return `The row that ${who} writes is there already. Give it a key of its own, or make it in one place alone: in scenarios/setup.sql or in the step.`;
    case '23502':
      return `${capitalised(who)} gives no value for a column that must have one. Write one into the step.`;
    case '23514':
      return `The check allows no such value. Let ${who} write another, or expect the error.`;
    case '42501':
      return actor !== null && /^permission denied/.test(message)
        ? `${capitalised(who)} is the role ${actor.role}, which lacks this privilege. Grant it to ${actor.role} in a section, or write Expect: refused.`
        : null;
    default:
      return null;
  }
}

const capitalised = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
