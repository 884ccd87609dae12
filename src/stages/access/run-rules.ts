/** The bundle's rules about access, asked of the database as it was → who is to reach which row. */
import { runFile } from '../../database/run-file.js';
import type { Session } from '../../database/with-session.js';
import { withSavepointRollback } from '../../database/with-transaction.js';
import { SqlError } from '../../errors.js';
import type { AccessRule, AccessVerb, Bundle } from '../../model.js';
import { isUnknown, type Observation } from './observe.js';
import { verbs } from './relation.js';

/** What rules say of one row and verb: who reaches it, and who does not, each with a reason where that may be new. */
export interface Reach {
  readonly allowed: Map<string, string | null>;
  readonly denied: Map<string, string>;
}

export interface Rules {
  /** Who is to reach a row, by `ruleKey`; a row that is not in it has no rule. */
  readonly reaches: ReadonlyMap<string, Reach>;
  /** How many rows of answers each rule gave. */
  readonly answers: readonly number[];
  /** Why a rule could not be understood. */
  readonly problems: readonly string[];
}

/** `destination` is the table in which the row is after the fix; null: wherever it is. */
export const ruleKey = (
  { source, row, verb }: { readonly source: string; readonly row: string; readonly verb: AccessVerb },
  destination: string | null,
): string => JSON.stringify([source, row, verb, destination]);

/** As a rule writes it, `(0,1)`, without the table's number that tells partitions apart. */
export const tidOf = (place: string): string => place.slice(place.indexOf('('));

export async function runRules(session: Session, bundle: Bundle, before: Observation): Promise<Rules> {
  if (bundle.access.rules.length === 0) return { reaches: new Map(), answers: [], problems: [] };
  const reaches = new Map<string, Reach>();
  const answers: number[] = [];
  const problems: string[] = [];
  await withSavepointRollback(session, async () => {
    try {
      await layOut(session, before);
      if (bundle.access.setup !== null) await runFile(session, bundle.access.setup);
      for (const rule of bundle.access.rules) {
        const rows = await ask(session, rule);
        answers.push(rows.length);
        problems.push(...take(rule, rows, reaches));
      }
    } catch (error: unknown) {
      if (!(error instanceof SqlError)) throw error;
      const { path, line, message } = error.problem;
      problems.push(`${path}:${line ?? 1}: ${message}`);
    }
  });
  return { reaches, answers, problems };
}

interface Possible {
  readonly person: string;
  readonly source: string;
  /** null where it is not known: the database answered with an error. */
  readonly tid: string | null;
  readonly verb: AccessVerb;
  readonly is_known: boolean;
}

/** What the rules may ask: who the people are, and what each could do. */
async function layOut(session: Session, { people, sights }: Observation): Promise<void> {
  await session.query(
    `create temporary table people (person text, role text, kind text, claims jsonb) on commit drop;
     create temporary table possible (person text, source text, tid tid, verb text, is_known boolean) on commit drop`,
  );
  await session.query(
    `insert into pg_temp.people select * from pg_catalog.jsonb_to_recordset($1::pg_catalog.jsonb)
     as p (person text, role text, kind text, claims jsonb)`,
    [
      JSON.stringify(
        people.map(({ name, role, kind, settings }) => ({
          person: name,
          role,
          kind,
          claims: JSON.parse(settings['request.jwt.claims'] ?? '{}'),
        })),
      ),
    ],
  );
  const possible: Possible[] = [...sights.values()].flatMap(({ table, rows, abilities }) =>
    people.flatMap(({ name }, index) =>
      verbs.flatMap((verb): Possible[] => {
        const ability = abilities[index]?.[verb] ?? new Set<number>();
        if (isUnknown(ability)) return [{ person: name, source: table, tid: null, verb, is_known: false }];
        return [...ability].flatMap((row) => {
          const place = rows[row]?.place ?? null;
          return place === null
            ? []
            : [{ person: name, source: table, tid: tidOf(place), verb, is_known: true }];
        });
      }),
    ),
  );
  await session.query(
    `insert into pg_temp.possible select * from pg_catalog.jsonb_to_recordset($1::pg_catalog.jsonb)
     as p (person text, source text, tid tid, verb text, is_known boolean)`,
    [JSON.stringify(possible)],
  );
}

type Answer = Readonly<Record<'person' | 'source' | 'row' | 'verb', string | null>> &
  Partial<Readonly<Record<'destination' | 'reason' | 'denied', string | null>>>;
const required = ['person', 'source', 'row', 'verb'];
const optional = ['destination', 'reason', 'denied'];

async function ask(session: Session, { file }: AccessRule): Promise<Answer[]> {
  const result = await runFile(session, file);
  return (result?.rows ?? []) as Answer[];
}

function take({ file }: AccessRule, rows: readonly Answer[], reaches: Map<string, Reach>): string[] {
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
    const { destination = null, reason = null, denied = null } = more;
    const key = ruleKey({ source, row, verb: verb as AccessVerb }, destination);
    const known = reaches.get(key) ?? { allowed: new Map(), denied: new Map() };
    if (person !== null && denied !== null) known.denied.set(person, denied);
    else if (person !== null) known.allowed.set(person, known.allowed.get(person) ?? reason);
    reaches.set(key, known);
  }
  return [];
}
