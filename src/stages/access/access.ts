/** The access proof: what each person could reach is noted before the fix, and compared after it. */
import { isDeepStrictEqual } from 'node:util';
import { counted } from '../../counted.js';
import { proveRowSecurityHolds } from '../../database/prove-row-security.js';
import type { Session } from '../../database/with-session.js';
import { withSavepointRollback } from '../../database/with-transaction.js';
import type { AccessResult, Bundle, Skipped } from '../../model.js';
import { boundRoles, listRoles, type Role } from '../api-roles.js';
import { findLargeTables, smallToTry } from '../large-tables.js';
import { withTablesRead } from '../tables-read.js';
import { compareFunctions, type DefinerFunction, listFunctions } from './compare-functions.js';
import { compareGrants, listGrants, type NotedGrants } from './compare-grants.js';
import { compareTriggers, type DefinerTrigger, listTriggers } from './compare-triggers.js';
import { compareViewRows, countRepeats, type Repeats, type ViewRows } from './compare-view-rows.js';
import { compareViews, listViews, type OpenView } from './compare-views.js';
import { compareOrdinaryWrites } from './compare-writes.js';
import type { Comparison } from './comparison.js';
import { beginDeclared, type Declared, listIdle } from './declared.js';
import { compareAbilities } from './judge-abilities.js';
import { comparePrivileges } from './judge-privileges.js';
import { listLeftOut } from './left-out.js';
import { allowedTime, inTime } from './limit-time.js';
import type { Observation } from './observation.js';
import { type ObserveOptions, observe, observePrivileges } from './observe.js';
import { compareOrdinaryCalls, noteOrdinaryCalls, type OrdinaryCalls } from './ordinary-calls.js';
import { noteOrdinaryWrites, type OrdinaryWrites } from './ordinary-writes.js';
import { compareOtherWriters, noteOtherWriters, type OtherWriters } from './other-writers.js';
import { isOutside, listPeople, listWithOthers, outsiders, type Person, samplePeople } from './people.js';
import { recogniseRows } from './recognise-rows.js';
import { verbs } from './relation.js';
import { type Rules, runRules } from './run-rules.js';
import { type ReadByClients, readAsClients, tellOpenedByClients } from './set-by-clients.js';
import { tellSilenced } from './silenced.js';
import { summarise } from './summarise.js';

export interface AccessNotes extends ObserveOptions {
  readonly before: Observation;
  /** null where not all tables of the fix could be looked at. */
  readonly rules: Rules | null;
  /** Of a target: the numbers of the tables of which the rules have read rows. */
  readonly askedOf: ReadonlySet<string>;
  readonly roles: readonly Role[];
  readonly functions: readonly DefinerFunction[];
  readonly triggers: readonly DefinerTrigger[];
  readonly grants: NotedGrants;
  readonly views: readonly OpenView[];
  /** Tried in rehearsals alone; null: not at all. */
  readonly repeats: Repeats | null;
  /** Tried in rehearsals alone; null: not at all. */
  readonly writes: OrdinaryWrites | null;
  /** Tried in rehearsals alone; null: not at all. */
  readonly others: OtherWriters | null;
  /** Tried in rehearsals alone; null: not at all. */
  readonly calls: OrdinaryCalls | null;
  /** What settings of a client open already; tried in rehearsals alone. */
  readonly openedByClients: ReadByClients;
  /** Why nothing that is tried could be trusted, or null. */
  readonly doubt: string | null;
}

export interface NoteAccessOptions extends Pick<ObserveOptions, 'triesWrites'> {
  /** Whether the application waits meanwhile. */
  readonly isAwaited: boolean;
}

/** Within the open transaction, before the fix; what is tried is undone. */
export async function noteAccess(
  session: Session,
  bundle: Bundle,
  { triesWrites, isAwaited }: NoteAccessOptions,
): Promise<AccessNotes> {
  const moving = bundle.preserve.flatMap(({ from, to }) => [...from, ...to]);
  const options = { triesWrites, tables: [...new Set([...bundle.tables, ...moving])] };
  const roles = await listRoles(session, bundle);
  const bound = boundRoles(roles);
  const doubt = await withSavepointRollback(session, () => findDoubt(session, bound));
  const known = {
    ...options,
    roles,
    doubt,
    functions: await listFunctions(session, bound),
    triggers: await listTriggers(session),
    grants: await listGrants(session),
    views: await listViews(session, bound),
    repeats: triesWrites ? await countRepeats(session) : null,
    writes: null,
    others: null,
    calls: null,
    openedByClients: new Map(),
    askedOf: new Set<string>(),
  };
  const privileges = triesWrites ? null : await observePrivileges(session, bound, options.tables);
  // Of a table that is not looked at, rules would speak in vain, and ask a target for long.
  if (privileges !== null && privileges.unseen.length > 0)
    return { ...known, before: privileges, rules: null };
  const isLarge = !triesWrites && (await findLargeTables(session, bundle.tables, smallToTry)).length > 0;
  const longest = isLarge ? await allowedTime(session, longestOnTarget) : undefined;
  const { everybody: listed, unlisted } =
    doubt === null ? await listEverybody(session, bundle, bound, longest) : { everybody: [], unlisted: [] };
  const most = triesWrites ? mostPeopleInRehearsal : mostPeopleOnTarget;
  const asked = samplePeople(listed, most);
  const seen = await observe(session, asked, { ...options, longest });
  const left = bundle.access.people === null || asked.length < listed.length ? [] : listLeftOut(seen);
  const everybody = [...listed, ...left];
  const people = samplePeople(everybody, most);
  const found = left.length === 0 ? seen : await observe(session, people, { ...options, longest });
  const some =
    people.length === everybody.length
      ? []
      : [`${people.length} of ${isLarge ? 'at least ' : ''}${everybody.length} people were tried`];
  const before = { ...found, unseen: [...found.unseen, ...some, ...unlisted] };
  const openedByClients = triesWrites ? await readAsClients(session, found, options) : known.openedByClients;
  const writes = triesWrites ? await noteOrdinaryWrites(session, before) : null;
  const others = triesWrites
    ? await noteOtherWriters(session, { tried: bound, tables: options.tables })
    : null;
  const calls = triesWrites ? await noteOrdinaryCalls(session, before, others?.before.people ?? []) : null;
  const patience = isLarge && !isAwaited ? await allowedTime(session, longestUnawaited) : longest;
  const ask = () => runRules(session, bundle, before, patience ?? null);
  if (triesWrites)
    return { ...known, longest, before, writes, others, calls, openedByClients, rules: await ask() };
  const { result: rules, tables: askedOf } = await withTablesRead(session, ask);
  return { ...known, longest, before, rules, askedOf };
}

/** Where a table is large, so many of each column that names people, and nobody of the data where that takes too long; outsiders first. */
async function listEverybody(
  session: Session,
  bundle: Bundle,
  bound: readonly string[],
  longest: number | undefined,
): Promise<{ readonly everybody: Person[]; readonly unlisted: string[] }> {
  if (longest === undefined) return { everybody: await listPeople(session, bundle, bound), unlisted: [] };
  const listed = await inTime(session, longest, () =>
    listPeople(session, bundle, bound, mostPeopleInRehearsal),
  );
  const people = listed ?? listWithOthers(bundle, bound, []);
  return {
    // If time runs out, it is known what a door opens to everybody.
    everybody: [...people.filter(isOutside), ...people.filter((person) => !isOutside(person))],
    unlisted: listed === null ? [`those in the data: to list them took longer than ${longest} ms`] : [],
  };
}

/** Milliseconds for each thing that is asked or tried of a target with a large table. */
const longestOnTarget = 5000;

/** The same for the rules, which are asked of what was before alone. */
const longestUnawaited = 60_000;

/** Of those in the data this many are tried on a target, where everybody waits. */
const mostPeopleOnTarget = 40;

/** A dump may hold all of a company's customers: each takes some 20 ms, more where there are many tables. */
const mostPeopleInRehearsal = 1000;

/**
 * What was noted while the application wrote on, as it is when the tables are locked; null where somebody reads something else now. The
 * rules are asked again where a table that they read, seen by the API or not, holds other rows now. What only privileges were noted of
 * hangs on no row, nor do rules that took too long.
 */
export async function confirmAccess(
  session: Session,
  bundle: Pick<Bundle, 'access'>,
  notes: AccessNotes,
  isUntouched: (tables: ReadonlySet<string>) => boolean,
): Promise<AccessNotes | null> {
  if (notes.rules === null) return notes;
  const now = await observeAgain(session, notes.before.people, notes);
  if (!isDeepStrictEqual(now.sights, notes.before.sights)) return null;
  if (notes.rules.unasked !== undefined || isUntouched(notes.askedOf)) return notes;
  return { ...notes, rules: await runRules(session, bundle, notes.before, notes.longest ?? null) };
}

/** In the same transaction, after the fix. */
export async function proveAccess(
  session: Session,
  bundle: Bundle,
  notes: AccessNotes,
  { isWholeFix, setAside, remade }: Pick<Comparison, 'isWholeFix' | 'setAside'> & Pick<ViewRows, 'remade'>,
): Promise<AccessResult | Skipped> {
  const known = new Set(notes.roles.map(({ role }) => role));
  const roles = await listRoles(session, bundle);
  if (roles.length === 0) return { outcome: 'skipped', reason: 'the bundle names no role of an API' };
  const bound = boundRoles(roles);
  const declared = beginDeclared(bundle.access.differences);
  if (notes.rules === null) return proveByPrivileges(session, bundle, notes, { roles, bound, declared });
  // A role that the fix made reaches nothing before it; whoever is new is last, so that the others keep their places.
  const added = bound.filter((role) => !known.has(role));
  const doubt = notes.doubt ?? (await withSavepointRollback(session, () => findDoubt(session, bound)));
  const people = [...notes.before.people, ...(doubt === null ? outsiders(added, bundle.actors) : [])];
  const after = await observeAgain(session, people, notes, bundle.preserve);
  const { before, rules } = notes;
  const kinship = recogniseRows(before, after, bundle.preserve);
  const tried = notes.triesWrites ? verbs : (['read'] as const);
  const unasked =
    rules.unasked ?? (rules.problems.length > 0 ? 'the rules of access/ have failed' : undefined);
  const changes = compareAbilities({
    before,
    after,
    kinship,
    setAside,
    rules,
    // Rules that know some of the rows may tell wrongly who never reached one.
    isWholeFix: isWholeFix && notes.longest === undefined,
    unasked: unasked ?? null,
    verbs: tried,
    declared,
    tables: bundle.tables,
  });
  const { preserve } = bundle;
  const repeats =
    notes.repeats === null ? null : { before: notes.repeats, after: await countRepeats(session) };
  const views = compareViewRows({ before, after, kinship, remade, preserve, repeats, declared: bundle });
  const writes =
    notes.writes === null
      ? null
      : await compareOrdinaryWrites(session, {
          before,
          after,
          kinship,
          notes: notes.writes,
          declared: bundle,
        });
  const others =
    notes.others === null
      ? null
      : await compareOtherWriters(session, notes.others, {
          preserve,
          declared: bundle,
          tables: notes.tables,
        });
  const calls = notes.calls === null ? null : await compareOrdinaryCalls(session, notes.calls, bundle);
  const reasons = [
    ...(doubt === null ? [] : [doubt]),
    ...rules.problems,
    ...tellSilenced(before, after),
    ...views.reasons,
    ...(writes?.reasons ?? []),
    ...(others?.reasons ?? []),
    ...(calls?.reasons ?? []),
    ...(notes.longest === undefined ? aboutNothing(bundle, before, rules) : []),
    ...(await findOpened(session, bundle, notes, { roles, bound, after, declared })),
    ...(notes.triesWrites ? await tellOpenedByClients(session, after, notes, notes.openedByClients) : []),
  ];
  const untried = roles
    .filter(({ isUnbound, isWithinReach }) => !isUnbound && !isWithinReach)
    .map(({ role }) => `the role ${role}, which the deployer may not become`);
  const nobody = people.length > 0 || reasons.length > 0 ? null : sayNobody(untried, roles);
  if (nobody !== null && !notes.triesWrites) return { outcome: 'skipped', reason: nobody };
  return summarise({
    before,
    after,
    changes,
    reasons: nobody === null ? reasons : [`${nobody}. ${rolesToGive}`],
    seen: [
      ...seenIn(bundle, notes),
      ...[
        ...views.declared,
        ...(writes?.declared ?? []),
        ...(others?.declared ?? []),
        ...(calls?.declared ?? []),
      ].map((name) => `changes ${name}`),
    ],
    // After the fix nobody is listed again.
    unseen: [
      ...new Set([
        ...before.unseen,
        ...[notes.writes, notes.others?.writes].flatMap((one) => one?.unseen ?? []),
        ...(notes.others?.untried ?? []),
        ...after.unseen,
        ...untried,
      ]),
    ],
    kinship,
    unasked,
    verbs: tried,
    // A target is tried by reading alone, and a part of the fix does a part of what is declared.
    idle: notes.triesWrites && isWholeFix ? listIdle(declared) : [],
  });
}

/** Also tables that a role could touch before, and may no more. */
export function observeAgain(
  session: Session,
  people: readonly Person[],
  { tables, triesWrites, before, longest }: AccessNotes,
  moves: Bundle['preserve'] = [],
): Promise<Observation> {
  return observe(session, people, {
    triesWrites,
    longest,
    known: { before, moves },
    tables: [...new Set([...tables, ...before.sights.keys()])],
  });
}

function sayNobody(untried: readonly string[], roles: readonly Role[]): string {
  const unbound = roles
    .filter(({ isUnbound }) => isUnbound)
    .map(({ role }) => `no policy binds the role ${role}`);
  return `nobody was tried: ${[...untried, ...unbound].join(', ')}`;
}

const rolesToGive = 'Give the actors a role that row level security binds, and that the deployer may become';

interface Now {
  readonly roles: readonly Role[];
  readonly bound: readonly string[];
  readonly declared: Declared;
}

/** What privileges and functions give that they did not, whatever rows there are. */
async function findOpened(
  session: Session,
  bundle: Bundle,
  notes: AccessNotes,
  { roles, bound, after, declared }: Now & { readonly after: Observation },
): Promise<string[]> {
  const { access, tables } = bundle;
  return [
    ...comparePrivileges({
      before: notes.before,
      after,
      declared,
      tables,
      roles: { before: notes.roles, after: roles },
    }),
    ...compareFunctions({
      before: notes.functions,
      after: await listFunctions(session, bound),
      tried: bound,
      access,
      declared: bundle,
    }),
    ...compareTriggers({ before: notes.triggers, after: await listTriggers(session), access }),
    ...compareGrants({ before: notes.grants, after: await listGrants(session), tried: bound, declared }),
    ...compareViews({ before: notes.views, after: await listViews(session, bound), declared: bundle }),
  ];
}

/** On a target with a table of the fix that is not read: nobody is tried, but what is granted must be what it was or is declared. */
async function proveByPrivileges(
  session: Session,
  bundle: Bundle,
  notes: AccessNotes,
  now: Now,
): Promise<AccessResult | Skipped> {
  const { before } = notes;
  const after = await observePrivileges(session, now.bound, notes.tables);
  const reasons = await findOpened(session, bundle, notes, { ...now, after });
  if (reasons.length === 0) {
    const reason = `people are tried in the rehearsal, and here privileges were compared alone; ${before.unseen.join(', ')}`;
    return { outcome: 'skipped', reason };
  }
  return summarise({
    before,
    after,
    changes: [],
    reasons,
    seen: [],
    unseen: before.unseen,
    verbs: ['read'],
    idle: [],
  });
}

/** Rules that name no row of tables that hold some are written for another database. */
function aboutNothing({ tables }: Bundle, { sights }: Observation, { answers, problems }: Rules): string[] {
  const rows = tables.reduce((sum, table) => sum + (sights.get(table)?.rows.length ?? 0), 0);
  const isSilent = answers.length > 0 && problems.length === 0 && answers.every((count) => count === 0);
  return isSilent && rows > 0
    ? [`the rules of access/ speak of none of ${counted(rows, 'row')} of the fix's tables`]
    : [];
}

/** A rule that speaks of no row, and a query that names nobody, may have been meant for another database. */
function seenIn({ access }: Bundle, { rules, before }: AccessNotes): string[] {
  const spoken = access.rules.filter((_, index) => (rules?.answers[index] ?? 0) > 0);
  const isAnybodyNamed = before.people.some(({ isNamed }) => isNamed);
  return [
    ...spoken.map(({ file }) => file.path),
    ...(access.people !== null && isAnybodyNamed ? ['access.people'] : []),
  ];
}

async function findDoubt(session: Session, roles: readonly string[]): Promise<string | null> {
  for (const role of roles) {
    const doubt = await proveRowSecurityHolds(session, role);
    if (doubt !== null) return doubt;
  }
  return null;
}
