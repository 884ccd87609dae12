/**
 * Roles as whom no person comes, a server's, a job's and the deployer's own → rows that they could add, change and delete before the
 * fix, and that are refused after it, a sentence each. What their privileges and policies let them is told of these.
 */
import { apiSearchPath } from '../../database/act-as.js';
import { engineSql } from '../../database/engine-sql.js';
import type { Session } from '../../database/with-session.js';
import type { Bundle } from '../../model.js';
import { type Declared, declaredIn, thoseThatDeclare } from '../preservation/declared-names.js';
import { compareOrdinaryWrites } from './compare-writes.js';
import type { ToldOfWrites } from './judge-writes.js';
import { isUnknown, type Observation, type RoleSight } from './observation.js';
import { observe } from './observe.js';
import { noteOrdinaryWrites, type OrdinaryWrites } from './ordinary-writes.js';
import type { Person } from './people.js';
import { abilityOf, reachOf } from './reach.js';
import { type Kinship, recogniseRows } from './recognise-rows.js';
import { areSameRules, isTable } from './relation.js';

export interface OtherWriters {
  readonly before: Observation;
  readonly writes: OrdinaryWrites;
  /** Roles that write rows of the fix's tables, and that were not tried. */
  readonly untried: readonly string[];
}

export async function noteOtherWriters(
  session: Session,
  { tried, tables }: { readonly tried: readonly string[]; readonly tables: readonly string[] },
): Promise<OtherWriters> {
  const { rows } = await session.query<Writer>(engineSql('other_writers'), [tried, tables]);
  const people = rows.filter(({ isWithinReach }) => isWithinReach).map(toPerson);
  const before = await observe(session, people, { triesWrites: true, tables });
  const untried = rows
    .filter(({ isWithinReach, mayWrite }) => !isWithinReach && mayWrite)
    .map(({ role }) => `what the role ${role} writes was not tried, for the deployer may not become it`);
  return { before, writes: await noteOrdinaryWrites(session, before), untried };
}

interface Writer {
  readonly role: string;
  readonly isDeployer: boolean;
  readonly isOfApi: boolean;
  readonly isWithinReach: boolean;
  readonly mayWrite: boolean;
}

const toPerson = ({ role, isDeployer, isOfApi }: Writer): Person => ({
  name: isDeployer ? 'the deployer' : `the role ${role}`,
  role,
  settings: {
    search_path: apiSearchPath,
    'request.jwt.claims': isOfApi ? JSON.stringify({ role }) : '',
  },
  kind: 'visitor',
});

export async function compareOtherWriters(
  session: Session,
  { before, writes }: OtherWriters,
  {
    tables,
    preserve,
    declared,
  }: Pick<Bundle, 'preserve'> & { readonly tables: readonly string[]; readonly declared: Declared },
): Promise<ToldOfWrites> {
  const after = await observe(session, before.people, {
    triesWrites: true,
    tables: [...new Set([...tables, ...before.sights.keys()])],
  });
  const kinship = recogniseRows(before, after, preserve);
  const ordinary = await compareOrdinaryWrites(session, {
    before,
    after,
    kinship,
    notes: writes,
    declared,
    names: (people) => people.map((person) => before.people[person]?.name ?? '').join(' and '),
  });
  const isDeclared = declaredIn(declared);
  const refused = findRefused({ before, after, kinship });
  return {
    reasons: [...ordinary.reasons, ...refused.filter(({ name }) => !isDeclared(name)).map(tell)],
    declared: [
      ...ordinary.declared,
      ...thoseThatDeclare(
        declared,
        refused.map(({ name }) => name),
      ),
    ],
  };
}

interface Refused {
  readonly who: string;
  readonly verb: WriteVerb;
  readonly table: string;
  /** What a manifest writes to let it be. */
  readonly name: string;
  readonly rows: number;
}

type WriteVerb = 'add' | 'change' | 'delete';

const said: Readonly<Record<WriteVerb, { readonly declared: string; readonly told: string }>> = {
  add: { declared: 'additions to', told: 'add a copy of' },
  change: { declared: 'changes of * on', told: 'change' },
  delete: { declared: 'deletions from', told: 'delete' },
};

function findRefused({
  before,
  after,
  kinship,
}: {
  readonly before: Observation;
  readonly after: Observation;
  readonly kinship: Kinship;
}): Refused[] {
  return [...before.sights.values()].flatMap((then) => {
    const { table } = then;
    const now = after.sights.get(table);
    if (now === undefined || !isTable(then) || !isTable(now)) return [];
    return [...before.people.entries()].flatMap(([person, { name: who, role }]) => {
      const [could, can] = [then.roles.get(role), now.roles.get(role)];
      if (could === undefined || can === undefined || !isLetIn(could, can)) return [];
      return (['add', 'change', 'delete'] as const).flatMap((verb): Refused[] => {
        const ability = abilityOf(before, table, person, verb);
        if (isUnknown(ability) || !keepsPrivileges(verb, could, can)) return [];
        const lost = [...ability].filter((row) => {
          const image = kinship.images.get(table)?.[row]?.find((one) => one.table === table);
          return image !== undefined && ['no', 'unknown'].includes(reachOf(after, image, person, verb));
        });
        const name = `${said[verb].declared} ${table}`;
        return lost.length === 0 ? [] : [{ who, verb, table, name, rows: lost.length }];
      });
    });
  });
}

/** Whether nothing that is told of policies tells it. */
const isLetIn = (then: RoleSight, now: RoleSight): boolean =>
  areSameRules(then.rules, now.rules) || !(then.isGuarded || now.isGuarded);

function keepsPrivileges(verb: WriteVerb, then: RoleSight, now: RoleSight): boolean {
  if (verb === 'delete') return now.deletes;
  return verb === 'add' ? now.adds.length >= then.adds.length : now.changes.length >= then.changes.length;
}

const tell = ({ who, verb, table, name, rows }: Refused): string =>
  `${who}, as whom no person is tried, can no longer ${said[verb].told} ${rows === 1 ? 'a row' : `${rows} rows`} of ${table}, and could: what is new there refuses those who come without a token, as a server, a job or the deployer's own SQL do. Let them through; where it is meant, declare ${name} under changes of bundle.yml`;
