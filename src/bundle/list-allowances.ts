/** A bundle → what its manifest lets differ, each with its key in `seen` of a result: what no state has a use for is a door for whatever comes later. */
import type { Bundle, Fact, Preserved } from '../model.js';

export interface Allowance {
  readonly key: string;
  /** As it is written in the manifest. */
  readonly written: string;
  /** Continues "in no state", without a full stop. */
  readonly what: string;
}

const waysOfKeys = ['retype', 'detach', 'quarantine'] as const;

export function listAllowances(bundle: Bundle): Allowance[] {
  const { adds, drops, changes, keyed, preserve, access } = bundle;
  return [
    ...adds.map((name) => of(`adds ${name}`, name, `is ${name} made, as adds says`)),
    ...drops.map((name) => of(`drops ${name}`, name, `is there, or goes, what drops names as ${name}`)),
    ...changes.map((name) => of(`changes ${name}`, name, `is there what changes names as ${name}`)),
    ...waysOfKeys
      .filter((way) => keyed?.[way])
      .map((way) => of(`keyed ${way}`, 'keyed', `has any key or row a use for ${way} under keyed`)),
    ...preserve.flatMap(ofKind),
    ...access.functions.map((name) =>
      of(`function ${name}`, name, `is there a function ${name}, which access.functions names`),
    ),
    ...[...new Set(access.differences.map(({ table }) => table))].map((table) =>
      of(`difference ${table}`, table, `is there ${table}, of which access.differences speaks`),
    ),
  ];
}

function ofKind({ name, merge, leaves, notCopied, notCopiedFrom, appears, facts }: Preserved): Allowance[] {
  const left = [...Object.keys(leaves), ...(notCopiedFrom === null ? notCopied : [])];
  return [
    ...(merge ? [of(`${name} merge`, 'merge', `do any of ${name} become one, as merge says`)] : []),
    ...left.map((column) =>
      of(
        `${name} column ${column}`,
        column,
        `has a table of ${name} ${column}, of which leaves or not_copied speaks`,
      ),
    ),
    ...where(appears, (query) => of(`${name} appears`, query, `do any of ${name} appear, as appears says`)),
    ...facts.flatMap((fact) => ofFact(name, fact)),
  ];
}

function ofFact(kind: string, { name, normalise, comparedAs, gap, fill, isMadeUnique }: Fact): Allowance[] {
  const fact = `${kind}.${name}`;
  const values = `${name} of ${kind}`;
  return [
    ...where(normalise ?? comparedAs, (written) =>
      of(`${fact} normalise`, written, `is there ${values} that normalise or compared_as makes another`),
    ),
    ...where(gap, (written) =>
      of(
        `${fact} gap not`,
        written,
        `is there ${values} that is no gap: the condition lets any of them be replaced`,
      ),
    ),
    ...where(comparedAs, (written) =>
      of(`${fact} compared`, written, `are there two values of ${values} that compared_as tells apart`),
    ),
    ...where(fill ?? gap ?? (isMadeUnique ? name : null), (written) =>
      of(`${fact} fill`, written, `is there a gap in ${values}, of which gap, fill or made_unique speaks`),
    ),
  ];
}

const where = (written: string | null, say: (written: string) => Allowance): Allowance[] =>
  written === null ? [] : [say(written)];

const of = (key: string, written: string, what: string): Allowance => ({ key, written, what });
