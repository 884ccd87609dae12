/** A database → the people on whose behalf the API asks it: those who are in its rows, its actors, a stranger and a visitor of each role. */

import { settingName } from '../../bundle/manifest-schema.js';
import { apiSearchPath } from '../../database/act-as.js';
import { engineSql } from '../../database/engine-sql.js';
import type { Session } from '../../database/with-session.js';
import { withSavepointRollback } from '../../database/with-transaction.js';
import { describeProblem, SqlError } from '../../errors.js';
import type { Actor, Bundle } from '../../model.js';
import { askManifest } from '../place-in-manifest.js';
import { joinActors } from './join-actors.js';

/** One bearer of a token, as the data API presents them to the database. */
export interface Person {
  /** What a rule calls them: the subject of their token, or what the bundle's query says. */
  readonly name: string;
  readonly role: string;
  /** Set for the transaction, as the data API does. */
  readonly settings: Readonly<Record<string, string>>;
  readonly kind: 'in the data' | 'actor' | 'stranger' | 'visitor';
  /** The query of the bundle names them, who may be an actor, or an account of the platform, too. */
  readonly isNamed?: true;
}

/** The subject of a token that no row knows. */
export const strangersSubject = '5eed0000-0000-4000-8000-00000000f00d';

/** `most`: where tables are large, so many of each column that names people. */
export async function listPeople(
  session: Session,
  bundle: Bundle,
  roles: readonly string[],
  most: number | null = null,
): Promise<Person[]> {
  const known = await accounts(session, bundle, most);
  const more = bundle.access.people === null ? [] : await asked(session, bundle);
  const isNamed = new Set(more.map(({ name }) => name));
  const inData = [
    ...known.map((one) => (isNamed.has(one.name) ? { ...one, isNamed: true as const } : one)),
    ...more.filter(({ name }) => !known.some((one) => one.name === name)),
  ];
  return listWithOthers(
    bundle,
    roles,
    inData.filter(({ role }) => roles.includes(role)),
  );
}

/** Those in the data, and with them the actors and whoever is nobody in particular. */
export function listWithOthers(
  { actors: all }: Pick<Bundle, 'actors'>,
  roles: readonly string[],
  inData: readonly Person[],
): Person[] {
  const actors = all
    .filter(({ role }) => roles.includes(role))
    .map((actor) => person('actor', actor.name, { ...actor, settings: actor.session, sub: actor.subject }));
  return distinct([...joinActors(inData, actors), ...outsiders(roles, all)]);
}

export const isOutside = (one: Person | undefined): boolean =>
  one?.kind === 'stranger' || one?.kind === 'visitor';

/** Some from everywhere in the list, and always the same; actors, strangers and visitors are few. */
export function samplePeople(people: readonly Person[], most: number): Person[] {
  const inData = people.filter(({ kind }) => kind === 'in the data');
  const step = Math.max(1, inData.length / most);
  const chosen = new Set(inData.filter((_, index) => Math.floor(index % step) === 0).slice(0, most));
  return people.filter((person) => person.kind !== 'in the data' || chosen.has(person));
}

/** Nobody in particular: with a token of each role, and without a subject; with settings like those of an actor, and without. */
export function outsiders(roles: readonly string[], actors: readonly Actor[]): Person[] {
  const blank = Object.fromEntries(Object.keys(actors[0]?.session ?? {}).map((key) => [key, '']));
  return roles.flatMap((role) => {
    const like = actors.find((actor) => actor.role === role && Object.values(actor.session).some(Boolean));
    const settings = like === undefined ? blank : strange(like.session);
    return [
      person('stranger', `a stranger (${role})`, {
        role,
        claims: { sub: strangersSubject },
        settings,
        sub: null,
      }),
      person('visitor', `a visitor (${role})`, { role, claims: {}, settings: blank, sub: null }),
    ];
  });
}

/** The first says who it is; whatever else looks like a key names what the stranger has nothing to do with. */
function strange(session: Actor['session']): Record<string, string> {
  const isKey = /^(\d{2,}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;
  const subject = Object.values(session).find(Boolean);
  return Object.fromEntries(
    Object.entries(session).map(([key, value]) => [
      key,
      value !== '' && (value === subject || isKey.test(value)) ? strangeAs(value) : value,
    ]),
  );
}

/** Of the same form, so that a cast of it succeeds. */
function strangeAs(value: string): string {
  if (/^\d+$/.test(value)) return '2147483646';
  return /^[0-9a-f-]{36}$/i.test(value) ? strangersSubject : `stranger-${strangersSubject}`;
}

interface Bearer {
  readonly role: string;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly settings?: Readonly<Record<string, string>>;
  readonly sub: string | null;
}

function person(kind: Person['kind'], name: string, { role, claims, settings, sub }: Bearer): Person {
  return {
    kind,
    name: sub ?? name,
    role,
    settings: {
      search_path: apiSearchPath,
      'request.jwt.claims': JSON.stringify({ role, ...claims }),
      ...settings,
    },
  };
}

function subjectOf(claims: Bearer['claims']): string | null {
  return typeof claims.sub === 'string' ? claims.sub : null;
}

/** Who is named twice, as an actor and by the data, is tried once. */
function distinct(people: readonly Person[]): Person[] {
  const seen = new Map(
    people.map((one) => [JSON.stringify([one.role, one.settings]), one] as const).reverse(),
  );
  const names = new Set<string>();
  return [...seen.values()].reverse().map((one) => {
    const name = names.has(one.name) ? `${one.name} as ${one.role}` : one.name;
    names.add(name);
    return { ...one, name };
  });
}

/** Accounts of the platform, and whoever a key to them names. They bear the token that the platform would give them. */
async function accounts(session: Session, bundle: Bundle, most: number | null): Promise<Person[]> {
  const role = bundle.actors.find(({ claims }) => subjectOf(claims) !== null)?.role;
  const { rows: places } = await session.query<{ ids: string }>(engineSql('access_accounts'));
  if (role === undefined || places.length === 0) return [];
  const limit = most === null ? '' : ` limit ${most}`;
  const ids = places.map((place) => `(${place.ids}${limit})`).join(' union ');
  const { rows } = await session.query<{ id: string; account: Account | null }>(
    `select i.id, pg_catalog.to_jsonb(u) as account
     from (${ids}) as i
     left join auth.users as u on u.id::pg_catalog.text = i.id
     order by i.id`,
  );
  return rows.map(({ id, account }) =>
    person('in the data', id, { role, claims: { ...claimsOf(account ?? {}), sub: id }, sub: id }),
  );
}

type Account = Readonly<Record<string, unknown>>;

function claimsOf(account: Account): Record<string, unknown> {
  const claims = {
    aud: account.aud ?? 'authenticated',
    email: account.email,
    phone: account.phone,
    app_metadata: account.raw_app_meta_data,
    user_metadata: account.raw_user_meta_data,
    aal: 'aal1',
    is_anonymous: account.is_anonymous ?? false,
  };
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value != null));
}

interface AskedPerson {
  readonly person: string | null;
  readonly role: string | null;
  readonly claims: string | null;
  readonly settings: string | null;
}

/** The bundle's own query returns who they are: person, role, claims, and settings where the application sets some. */
async function asked(session: Session, bundle: Bundle): Promise<Person[]> {
  const query = bundle.access.people ?? '';
  const result = await withSavepointRollback(session, () =>
    askManifest(session, bundle, { path: 'bundle.yml, access.people', query }),
  );
  const rows = (result?.rows ?? []) as AskedPerson[];
  return rows.flatMap(({ person: name, role, claims, settings }) => {
    if (role === null) return [];
    const given = JSON.parse(claims ?? '{}') as Record<string, unknown>;
    const sub = name ?? subjectOf(given);
    const bearer = {
      role,
      claims: given,
      settings: ofAnApplication(JSON.parse(settings ?? '{}') as Record<string, string>),
      sub,
    };
    return [{ ...person('in the data', sub ?? role, bearer), isNamed: true }];
  });
}

/** As those of an actor: what changes how the database answers would have a trial say nothing of what they reach. */
function ofAnApplication(settings: Record<string, string>): Record<string, string> {
  for (const key of Object.keys(settings)) {
    const [issue] = settingName.safeParse(key).error?.issues ?? [];
    if (issue === undefined) continue;
    throw new SqlError(
      describeProblem({
        path: 'bundle.yml, access.people',
        // invalid_parameter_value
        sqlstate: '22023',
        message: `the settings of a person: ${JSON.stringify(key)} ${issue.message}`,
        advice: 'Give under settings what the application sets for each request, and nothing else.',
      }),
    );
  }
  return settings;
}
