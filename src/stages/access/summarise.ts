/** Every difference, a person and a row each → the numbers of the report, and the differences told together. */

import { groupBy } from '../../group-by.js';
import type {
  AccessDifference,
  AccessResult,
  AccessVerb,
  IdleDifference,
  SampledTable,
  WithdrawnColumns,
} from '../../model.js';
import type { Change } from './comparison.js';
import { countReach } from './count-reach.js';
import type { Observation } from './observation.js';
import { isOutside } from './people.js';
import type { Kinship } from './recognise-rows.js';

export interface Findings {
  readonly before: Observation;
  readonly after: Observation;
  readonly changes: readonly Change[];
  readonly reasons: readonly string[];
  readonly seen: readonly string[];
  readonly unseen: readonly string[];
  /** Where rows were recognised after the fix. */
  readonly kinship?: Kinship;
  /** Why those in the data decide nothing. */
  readonly unasked?: string | undefined;
  readonly verbs: readonly AccessVerb[];
  /** Entries of `access.differences` under which nothing falls. */
  readonly idle: readonly IdleDifference[];
}

export function summarise({
  before,
  after,
  changes,
  reasons,
  seen,
  unseen,
  kinship,
  unasked,
  verbs,
  idle,
}: Findings): AccessResult {
  const whose = (wanted: (change: Change) => boolean): Set<number> =>
    new Set(changes.filter(wanted).map(({ person }) => person));
  const sights = [...after.sights.values()];
  const differing = whose(({ outcome, verb }) => verb === 'read' && outcome !== 'regained');
  const judged = unasked === undefined ? after.people : after.people.filter(isOutside);
  const sampled = listSampled(before, kinship);
  const undeclared = changes.filter(({ isDeclared }) => !isDeclared);
  return {
    outcome: undeclared.length === 0 && reasons.length === 0 ? 'pass' : 'fail',
    people: judged.length,
    tables: sights.length,
    rows: sights.reduce((sum, { rows }) => sum + rows.length, 0),
    verbs,
    readAsBefore: judged.length - differing.size,
    readAgain: whose(({ outcome, verb }) => outcome === 'regained' && verb === 'read').size,
    gained: whose(({ outcome, isDeclared }) => outcome === 'gained' && !isDeclared).size,
    lost: whose(({ outcome, isDeclared }) => outcome === 'lost' && !isDeclared).size,
    gainedAsDeclared: whose(({ outcome, isDeclared }) => outcome === 'gained' && isDeclared).size,
    lostAsDeclared: whose(({ outcome, isDeclared }) => outcome === 'lost' && isDeclared).size,
    differences: tellTogether({ before, after, changes }),
    reach: countReach(before, after),
    withdrawn: listWithdrawn(before, after),
    seen,
    unseen,
    ...(sampled.length === 0 ? {} : { sampled }),
    ...(idle.length === 0 ? {} : { idle }),
    ...(unasked === undefined
      ? {}
      : { unjudged: { people: after.people.length - judged.length, reason: unasked } }),
    reasons,
  };
}

function listSampled({ sights }: Observation, kinship: Kinship | undefined): SampledTable[] {
  return [...sights.values()].flatMap(({ table, rows, isSampled }) => {
    const found = (kinship?.images.get(table) ?? []).filter((images) => images.length > 0).length;
    return isSampled ? [{ table, rows: rows.length, found }] : [];
  });
}

/** Copies are tried without what cannot be given, so no row tells this. */
function listWithdrawn(before: Observation, after: Observation): WithdrawnColumns[] {
  return [...after.sights.values()].flatMap(({ table, columns: there, roles }) =>
    [...roles].flatMap(([role, { adds }]) => {
      const could = before.sights.get(table)?.roles.get(role)?.adds ?? [];
      const columns = could.filter((column) => there.includes(column) && !adds.includes(column));
      return adds.length > 0 && columns.length > 0 ? [{ role, table, columns }] : [];
    }),
  );
}

/** What was lost undeclared first: whoever reads on is told the worst. */
function tellTogether({
  before,
  after,
  changes,
}: Pick<Findings, 'before' | 'after' | 'changes'>): AccessDifference[] {
  const told = changes.filter(({ outcome }) => outcome !== 'regained');
  const groups = groupBy(told, ({ outcome, verb, isDeclared, isDeniedAsBefore = false, place }) =>
    JSON.stringify([isDeclared, outcome, place.table, verb, isDeniedAsBefore]),
  );
  return [...groups.values()]
    .map((group): AccessDifference => {
      const [first] = group as [Change, ...Change[]];
      const observation = first.outcome === 'lost' ? before : after;
      const person = after.people[first.person];
      const sight = observation.sights.get(first.place.table);
      const row = sight?.rows[first.place.row];
      return {
        outcome: first.outcome === 'lost' ? 'lost' : 'gained',
        isDeclared: first.isDeclared,
        table: first.place.table,
        verb: first.verb,
        people: new Set(group.map((change) => change.person)).size,
        rows: new Set(group.map(({ place }) => place.row)).size,
        person: person?.name ?? '',
        row: row === undefined ? null : labelOf(row.values),
        policies: policiesOf(after, first, person?.role ?? ''),
        reason: first.reason,
        ...(first.isDeniedAsBefore ? { isDeniedAsBefore: true } : {}),
      };
    })
    .sort((one, other) => Number(one.isDeclared) - Number(other.isDeclared));
}

const letters: Readonly<Record<AccessVerb, string>> = { read: 'r', change: 'w', delete: 'd', add: 'a' };

function policiesOf({ sights }: Observation, { verb, place }: Change, role: string): string[] {
  const policies = sights.get(place.table)?.roles.get(role)?.policies ?? [];
  return policies
    .filter(({ command }) => command === '*' || command === letters[verb])
    .map(({ name }) => name);
}

/** A row by what looks like its keys: never by what somebody wrote. */
function labelOf(values: ReadonlyMap<string, string | null>): string | null {
  const keys = [...values].filter(([, value]) => value !== null && keyShape.test(value)).slice(0, 2);
  return keys.length === 0 ? null : keys.map(([column, value]) => `${column} ${value}`).join(', ');
}

const keyShape = /^(\d{1,19}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;
