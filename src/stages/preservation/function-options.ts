/** How a function is run beside its text, before and after the fix → what of it is otherwise, though the function is declared. */
import type { RowDifference } from '../../model.js';

export interface FunctionOptions {
  /** `schema.name`. */
  readonly name: string;
  readonly signature: string;
  /** What it sets for itself, and what it says of itself to the planner. */
  readonly said: Readonly<Record<string, string>>;
}

export function findOtherOptions(
  before: readonly FunctionOptions[],
  after: readonly FunctionOptions[],
): RowDifference[] {
  const now = new Map(after.map((one) => [one.signature, one]));
  return before.flatMap(({ name, signature, said }) => {
    const found = now.get(signature)?.said;
    if (found === undefined) return [];
    return [...new Set([...Object.keys(said), ...Object.keys(found)])].flatMap((option): RowDifference[] => {
      const [then, is] = [said[option], found[option]];
      if (then === is || doesNoHarm(option, then, is)) return [];
      const told = `${sayOption(is)}, where it was ${sayOption(then)}`;
      // Whoever calls it with a null is answered with null, or with something else.
      const [table, text] =
        option === 'strict'
          ? [`calls of function ${name}`, `strict is ${told}`]
          : [`option ${option} of function ${name}`, told];
      return [{ word: 'means something else', table, key: null, columns: [text] }];
    });
  });
}

const sayOption = (value: string | undefined): string =>
  value === undefined ? 'not set' : value === '' || value === '""' ? 'empty' : value;

/** As it is where a text made again says nothing of it. */
const usual: Readonly<Record<string, string>> = { parallel: 'unsafe', leakproof: 'false', cost: '100' };

function doesNoHarm(option: string, then: string | undefined, is: string | undefined): boolean {
  if (option === 'search_path') return isNoWeaker(then, is);
  // Without it its own policies are asked, too.
  if (option === 'row_security') return is === undefined;
  return option in usual && is === usual[option];
}

/** A path that is lost is told of as that. */
function isNoWeaker(then: string | undefined, is: string | undefined): boolean {
  if (is === undefined || isSafe(is)) return true;
  return (
    then === undefined && schemasOf(is).every((schema) => /^(public|extensions|pg_catalog)$/.test(schema))
  );
}

/** Nobody can put anything before what it means. */
const isSafe = (path: string): boolean => {
  const schemas = schemasOf(path);
  return schemas.length === 0 || schemas.at(-1) === 'pg_temp';
};

const schemasOf = (path: string): string[] =>
  path
    .split(',')
    .map((schema) => schema.trim().replace(/^"(.*)"$/s, '$1'))
    .filter((schema) => schema !== '');
