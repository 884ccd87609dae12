/** The bundle's rules about access, asked of the database as it was → who is to reach which row. */

import { splitStatements } from '../../bundle/split-statements.js';
import { isRefused } from '../../database/database-error.js';
import { runFile } from '../../database/run-file.js';
import type { Session } from '../../database/with-session.js';
import { withSavepoint, withSavepointRollback } from '../../database/with-transaction.js';
import type { AccessRule, AccessVerb, Bundle } from '../../model.js';
import { sayProblem } from '../say-problem.js';
import { layOut } from './lay-out.js';
import { isCutShort, limitTime } from './limit-time.js';
import type { Observation } from './observation.js';
import { verbs } from './relation.js';

/** What rules say of one row and verb: who reaches it, and who does not, each with a reason where that may be new. */
export interface Reach {
  readonly allowed: Map<string, string | null>;
  readonly denied: Map<string, string>;
  /** Why nobody else reaches it, if somebody did. */
  deniedOthers: string | null;
  /** The files of the rules that speak of it, each with whom it lets reach it. */
  readonly files: Map<string, Set<string>>;
}

/** Why somebody may come to reach one row, or cease to, of which no rule says who does. */
export interface Leeway {
  readonly gained: Map<string, string>;
  readonly lost: Map<string, string>;
  /** Why anybody else may cease to. */
  lostByOthers: string | null;
}

export interface Rules {
  /** Who is to reach a row, by `ruleKey`; a row that is not in it has no rule. */
  readonly reaches: ReadonlyMap<string, Reach>;
  /** By `ruleKey`, wherever the row is after the fix. */
  readonly leeways: ReadonlyMap<string, Leeway>;
  /** How many rows of answers each rule gave. */
  readonly answers: readonly number[];
  /** Why a rule could not be understood. */
  readonly problems: readonly string[];
  /** Of a large target: why they were not asked after all. */
  readonly unasked?: string;
}

/** `destination` is the table in which the row is after the fix; null: wherever it is. */
export const ruleKey = (
  { source, row, verb }: { readonly source: string; readonly row: string; readonly verb: AccessVerb },
  destination: string | null,
): string => JSON.stringify([source, row, verb, destination]);

const none: Rules = { reaches: new Map(), leeways: new Map(), answers: [], problems: [] };

/**
 * Where a table is large, `longest` milliseconds: rules answer of the rows that were tried alone, and if one takes longer all are given
 * up, since each says a part of who is to reach a row.
 */
export async function runRules(
  session: Session,
  { access }: Pick<Bundle, 'access'>,
  before: Observation,
  longest: number | null,
): Promise<Rules> {
  if (access.rules.length === 0) return none;
  const rules = longest === null ? access.rules : access.rules.map(ofRowsTried);
  const reaches = new Map<string, Reach>();
  const leeways = new Map<string, Leeway>();
  const answers: number[] = [];
  const problems: string[] = [];
  let unasked: string | undefined;
  await withSavepointRollback(session, async () => {
    try {
      await layOut(session, before);
      if (longest !== null) await limitTime(session, longest);
      const { setup } = access;
      if (setup !== null) await withSavepoint(session, () => runFile(session, setup));
      for (const rule of rules) {
        const rows = await ask(session, rule);
        answers.push(rows.length);
        problems.push(...take(rule, rows, { reaches, leeways }));
      }
    } catch (error: unknown) {
      if (!isRefused(error)) throw error;
      if (longest !== null && isCutShort(error.problem))
        unasked = `${error.problem.path} took longer than ${longest} ms`;
      else problems.push(sayProblem(error.problem));
    }
  });
  return unasked === undefined ? { reaches, leeways, answers, problems } : { ...none, unasked };
}

/** One that is no single query is asked as it is. */
function ofRowsTried(rule: AccessRule): AccessRule {
  const { file } = rule;
  const [only, ...others] = splitStatements(file.text);
  if (only === undefined || others.length > 0) return rule;
  const text = `${file.text.slice(0, only.offset)}select a.* from (${only.text}
) as a where a."row" like '=%' or (a.source, a."row") in (select l.source, l."row" from pg_temp.looked_at as l)`;
  return { ...rule, file: { ...file, text } };
}

type Answer = Readonly<Record<'person' | 'source' | 'row' | 'verb', string | null>> &
  Partial<Readonly<Record<'destination' | 'reason' | 'denied' | 'may_gain' | 'may_lose', string | null>>>;
const required = ['person', 'source', 'row', 'verb'];
const optional = ['destination', 'reason', 'denied', 'may_gain', 'may_lose'];

async function ask(session: Session, { file }: AccessRule): Promise<Answer[]> {
  const result = await withSavepoint(session, () => runFile(session, file));
  return (result?.rows ?? []) as Answer[];
}

const withDestination =
  'returned may_gain or may_lose with a destination; they hold wherever the row is after the fix, so leave that null';
const nobodyNamed =
  'returned may_gain for no person; nobody is let in without being named, so return an answer for each person of pg_temp.people who may come to reach the row';

function take(
  { file }: AccessRule,
  rows: readonly Answer[],
  { reaches, leeways }: { readonly reaches: Map<string, Reach>; readonly leeways: Map<string, Leeway> },
): string[] {
  const names = Object.keys(rows[0] ?? {});
  const isUnderstood =
    required.every((name) => names.includes(name)) &&
    names.every((name) => required.includes(name) || optional.includes(name));
  if (names.length > 0 && !isUnderstood) {
    return [
      `${file.path}: returned (${names.join(', ')}); a rule returns (${required.join(', ')}), and may return ${optional.join(', ')}`,
    ];
  }
  for (const { person, source, row, verb, ...more } of rows) {
    if (source === null || row === null || !verbs.some((known) => known === verb)) {
      return [`${file.path}: returned source ${source}, row ${row} and verb ${verb}; a rule names them all`];
    }
    const { destination = null, reason = null, denied = null, may_gain = null, may_lose = null } = more;
    const key = ruleKey({ source, row, verb: verb as AccessVerb }, destination);
    if (may_gain !== null || may_lose !== null) {
      if (destination !== null) return [`${file.path}: ${withDestination}`];
      if (person === null && may_gain !== null) return [`${file.path}: ${nobodyNamed}`];
      const leeway = leeways.get(key) ?? { gained: new Map(), lost: new Map(), lostByOthers: null };
      if (person === null) leeway.lostByOthers ??= may_lose;
      else if (may_lose !== null) leeway.lost.set(person, may_lose);
      if (person !== null && may_gain !== null) leeway.gained.set(person, may_gain);
      leeways.set(key, leeway);
      continue;
    }
    const known = reaches.get(key) ?? {
      allowed: new Map(),
      denied: new Map(),
      deniedOthers: null,
      files: new Map(),
    };
    const lets = known.files.get(file.path) ?? new Set();
    known.files.set(file.path, lets);
    if (person !== null && denied === null) lets.add(person);
    if (person === null) known.deniedOthers ??= denied;
    else if (denied !== null) known.denied.set(person, denied);
    else known.allowed.set(person, known.allowed.get(person) ?? reason);
    reaches.set(key, known);
  }
  return [];
}
