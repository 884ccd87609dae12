/** What refused a row, and the values that its columns might take → the next that are worth a try. */
import type { DatabaseError } from '../database/database-error.js';
import type { Column, Table } from './there.js';

export interface Choice {
  readonly column: Column;
  /** null: it is left out. */
  readonly values: readonly (string | null)[];
  /** Which of them is tried. */
  at: number;
}

/** Of one row. What is returned turns them to the next; false: there is none. */
export function createTurning(): (choices: readonly Choice[], table: Table, error: DatabaseError) => boolean {
  const filledFor = new Set<string>();
  let justFilled: string | null = null;
  return (choices, table, error) => {
    const blamed = choices.filter((choice) => isBlamed(choice, table, error));
    const isFilling = error.code === '23514' && !filledFor.has(error.constraint ?? '');
    // A check of many columns mostly asks for a value in each; to come to that one by one takes too long.
    if (isFilling && fill(blamed)) {
      justFilled = error.constraint ?? '';
      filledFor.add(justFilled);
      return true;
    }
    if (justFilled !== null && justFilled === error.constraint) for (const choice of blamed) choice.at = 0;
    justFilled = null;
    return turn(blamed);
  };
}

/** false: none of them was left out. */
function fill(choices: readonly Choice[]): boolean {
  const empty = choices.filter(
    ({ column, values, at }) => !column.isFilled && values[at] === null && values.some(isGiven),
  );
  for (const choice of empty) choice.at = choice.values.findIndex(isGiven);
  return empty.length > 0;
}

function isGiven(value: string | null): boolean {
  return value !== null;
}

function turn(choices: readonly Choice[]): boolean {
  for (const choice of choices) {
    choice.at += 1;
    if (choice.at < choice.values.length) return true;
    choice.at = 0;
  }
  return false;
}

/** What is no value of a type Postgres says at the end of its message. */
const ofValue = /: "(.*)"$/s;

function isBlamed(
  { column: { name, domainChecks }, values, at }: Choice,
  { checks, unique, partitions }: Table,
  error: DatabaseError,
): boolean {
  if (error.code === '23502' && error.column !== undefined) return error.column === name;
  const told = [...checks, ...unique].find((constraint) => constraint.name === error.constraint);
  if (told !== undefined) return told.columns.length === 0 || told.columns.includes(name);
  if (error.code === '23514' && error.dataType !== undefined) return domainChecks !== null;
  // No partition takes it.
  if (error.code === '23514' && error.constraint === undefined && partitions !== null)
    return partitions.columns.length === 0 || partitions.columns.includes(name);
  const refused = error.code?.startsWith('22') === true ? ofValue.exec(error.message)?.[1] : undefined;
  return refused === undefined || values[at] === refused;
}
