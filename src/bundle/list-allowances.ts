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
    ...(appears === null
      ? []
      : [of(`${name} appears`, appears, `do any of ${name} appear, as appears says`)]),
    ...facts.flatMap((fact) => ofFact(name, fact)),
  ];
}

function ofFact(kind: string, { name, normalise, comparedAs, gap, fill, isMadeUnique }: Fact): Allowance[] {
  const rewriting = normalise ?? comparedAs;
  const filling = fill ?? gap;
  return [
    ...(rewriting === null
      ? []
      : [
          of(
            `${kind}.${name} normalise`,
            rewriting,
            `is there ${name} of ${kind} that normalise or compared_as makes another`,
          ),
        ]),
    ...(gap === null
      ? []
      : [
          of(
            `${kind}.${name} gap not`,
            gap,
            `is there ${name} of ${kind} that is no gap: the condition lets any of them be replaced`,
          ),
        ]),
    ...(comparedAs === null
      ? []
      : [
          of(
            `${kind}.${name} compared`,
            comparedAs,
            `are there two values of ${name} of ${kind} that compared_as tells apart`,
          ),
        ]),
    ...(filling === null && !isMadeUnique
      ? []
      : [
          of(
            `${kind}.${name} fill`,
            filling ?? name,
            `is there a gap in ${name} of ${kind}, of which gap, fill or made_unique speaks`,
          ),
        ]),
  ];
}

const of = (key: string, written: string, what: string): Allowance => ({ key, written, what });
