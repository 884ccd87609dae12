/** Takes what the access proof found out and says it: in one line for all people, and in a sentence for each difference. */
import type { AccessDifference, AccessResult, AccessVerb, IdleDifference } from '../model.js';
import { count, counted, listed } from './words.js';

type Numbers = Pick<
  AccessResult,
  'people' | 'readAsBefore' | 'readAgain' | 'gained' | 'lost' | 'gainedAsDeclared' | 'lostAsDeclared'
>;

/** `612 people: 277 gained and 1,102 lost as declared, nobody else` */
export function sayAccess(numbers: Numbers): string {
  if (hasOnlyHealed(numbers)) {
    const read = `${count(numbers.readAgain)} read again what an error kept from them`;
    return `${people(numbers.people)}: ${read}; nobody else gained, nobody lost`;
  }
  const again = numbers.readAgain > 0 ? `; ${count(numbers.readAgain)} read again` : '';
  return `${people(numbers.people)}: ${sayGained(numbers)}${again}`;
}

/** What the fix was for comes first: that nobody gained would be read as that nothing was repaired. */
function hasOnlyHealed({ readAgain, gained, lost, gainedAsDeclared, lostAsDeclared }: Numbers): boolean {
  return readAgain > 0 && gained + lost + gainedAsDeclared + lostAsDeclared === 0;
}

function sayGained({ gained, lost, gainedAsDeclared, lostAsDeclared }: Numbers): string {
  const meant = sayBoth(gainedAsDeclared, lostAsDeclared);
  const wrong = [
    ...(gained > 0 ? [`${count(gained)} gained what they must not have`] : []),
    ...(lost > 0 ? [`${count(lost)} lost what they had`] : []),
  ];
  if (wrong.length > 0) return [...wrong, ...(meant === '' ? [] : [`${meant} as declared`])].join('; ');
  return meant === '' ? 'nobody gained, nobody lost' : `${meant} as declared, nobody else`;
}

function sayBoth(gained: number, lost: number): string {
  return [
    ...(gained > 0 ? [`${count(gained)} gained`] : []),
    ...(lost > 0 ? [`${count(lost)} lost`] : []),
  ].join(' and ');
}

/** What those read who neither gained nor lost, and what the others gained and lost, as the bundle declares. */
export function detailAccess(
  numbers: Numbers,
  results: readonly Pick<AccessResult, 'differences' | 'withdrawn' | 'unseen'>[],
): string[] {
  return [...sayReading(numbers), ...sayDeclared(results), ...sayWithdrawn(results), ...sayUnseen(results)];
}

/** What a target does not let be said: of everybody and every row if it is large, and of writing, which is not tried there. */
export function sayLimits(
  results: readonly Pick<AccessResult, 'people' | 'verbs' | 'sampled' | 'unjudged'>[],
): string {
  const tables = results
    .flatMap(({ sampled }) => sampled ?? [])
    .map(
      ({ table, rows, found }) =>
        `${counted(rows, 'row')} of ${table}${found < rows ? `, of which ${count(found)} were found again after the fix` : ''}`,
    );
  const unjudged = results.flatMap((result) => result.unjudged ?? []);
  const isReadAlone = results.some(({ people: all, verbs: tried }) => all > 0 && !tried.includes('change'));
  return [
    ...(isReadAlone ? ['reading alone was tried here, and a rehearsal tries writing'] : []),
    ...(tables.length === 0 ? [] : [`a sample was tried: ${tables.join('; ')}`]),
    ...unjudged.map(
      ({ people: number, reason }) =>
        `${people(number)} in the data were tried, and what they gained or lost was not judged, because ${reason}`,
    ),
  ]
    .map((part) => `; ${part}`)
    .join('');
}

function sayReading({ people: all, readAsBefore, gained, lost }: Numbers): string[] {
  const isMeant = gained === 0 && lost === 0;
  const others = isMeant
    ? 'nobody reads the very same as before: what each gains and loses is declared'
    : 'nobody reads the very same as before';
  return [
    ...(readAsBefore > 0 ? [`${count(readAsBefore)} of ${people(all)} read what they read before`] : []),
    ...(readAsBefore === 0 && all > 0 ? [others] : []),
  ];
}

/** A line for each table, gains first and with somebody of them; people and rows are added up over the databases. */
function sayDeclared(results: readonly Pick<AccessResult, 'differences'>[]): string[] {
  const declared = results.flatMap(({ differences }) => differences).filter(({ isDeclared }) => isDeclared);
  return (['gained', 'lost'] as const).flatMap((outcome) => {
    const ofOutcome = declared.filter((difference) => difference.outcome === outcome);
    const tables = [...new Set(ofOutcome.map(({ table }) => table))].sort();
    return tables.map((table) => {
      const told = sayVerbs(ofOutcome.filter((difference) => difference.table === table));
      return `${outcome} on ${table}, as the bundle declares: ${told}`;
    });
  });
}

/** A line for each role, of all databases together. */
function sayWithdrawn(results: readonly Pick<AccessResult, 'withdrawn'>[]): string[] {
  const withdrawn = results.flatMap((result) => result.withdrawn ?? []);
  return [...new Set(withdrawn.map(({ role }) => role))].map((role) => {
    const ofRole = withdrawn.filter((one) => one.role === role);
    const tables = [...new Set(ofRole.map(({ table }) => table))].sort().map((table) => {
      const columns = new Set(ofRole.filter((one) => one.table === table).flatMap((one) => one.columns));
      return `${listed([...columns])} of ${table}`;
    });
    return `${role} could insert rows with values of their own for these columns, and no longer can: ${tables.join('; ')}`;
  });
}

/** A target may have a view for each table, none of which is tried there. */
function sayUnseen(results: readonly Pick<AccessResult, 'unseen'>[]): string[] {
  const all = [...new Set(results.flatMap(({ unseen }) => unseen))];
  if (all.length === 0) return [];
  const more = all.length > mostUnseen ? `; and ${count(all.length - mostUnseen)} more, in the report` : '';
  return [`not looked at: ${all.slice(0, mostUnseen).join('; ')}${more}`];
}

const mostUnseen = 5;

/** Of all states: what of `access.differences` nothing falls under on any. */
export function sayIdle(results: readonly Pick<AccessResult, 'idle'>[]): string[] {
  const [first = [], ...others] = results.map(({ idle = [] }) => idle.map(nameIdle));
  const all = first.filter((one) => others.every((idle) => idle.includes(one)));
  if (all.length === 0) return [];
  const more = all.length > mostUnseen ? `; and ${count(all.length - mostUnseen)} more` : '';
  return [
    `nothing falls under what access.differences declares on any state, and it may be taken out: ${all.slice(0, mostUnseen).join('; ')}${more}`,
  ];
}

/** `lost add on public.notes (when: open)` */
export function nameIdle({ outcome, verb, table, when, columns }: IdleDifference): string {
  const only = [
    ...(when === null ? [] : [`when: ${when}`]),
    ...(columns === null ? [] : [`columns: ${columns.join(', ')}`]),
  ];
  return `${outcome} ${verb} on ${table}${only.length === 0 ? '' : ` (${only.join('; ')})`}`;
}

/** `11 people: read, change and delete 3 rows (a stranger could)` */
function sayVerbs(differences: readonly AccessDifference[]): string {
  const told = new Map<string, { readonly who: string; readonly what: string; readonly done: string[] }>();
  for (const verb of new Set(differences.map((difference) => difference.verb))) {
    const ofVerb = differences.filter((difference) => difference.verb === verb);
    const sum = (of: (difference: AccessDifference) => number) =>
      ofVerb.reduce((total, difference) => total + of(difference), 0);
    const number = sum((difference) => difference.people);
    const somebody = ofVerb.find(({ outcome, person }) => outcome === 'gained' && person)?.person;
    const example = somebody ? ` (${number > 1 ? 'among them ' : ''}${somebody})` : '';
    const reasons = [...new Set(ofVerb.map(({ reason }) => reason))].slice(0, 2).join('; ');
    const rows = counted(
      sum((difference) => difference.rows),
      'row',
    );
    const who = `${people(number)}${example}`;
    const what = `${rows} (${reasons})`;
    const key = `${who}: ${what}`;
    told.set(key, { who, what, done: [...(told.get(key)?.done ?? []), verbs[verb]] });
  }
  return [...told.values()].map(({ who, what, done }) => `${who}: ${listed(done)} ${what}`).join('; ');
}

const people = (number: number): string => counted(number, 'person', 'people');

const verbs: Readonly<Record<AccessVerb, string>> = {
  read: 'read',
  change: 'change',
  delete: 'delete',
  add: 'add a copy of',
};

/** `2 people can no longer read 3 rows of public.notes: … One of them is … One of the rows is id 7.` */
export function sayDifference(difference: AccessDifference): string {
  const { outcome, table, verb, rows, person, row, reason } = difference;
  const never = difference.isDeniedAsBefore === true;
  const could = outcome === 'gained' ? 'can now' : never ? 'still cannot' : 'can no longer';
  const who = person === null ? '' : ` ${difference.people > 1 ? 'One of them' : 'That'} is ${person}.`;
  const which = row === null ? '' : ` ${rows > 1 ? 'One of the rows' : 'The row'} is ${row}.`;
  return `${people(difference.people)} ${could} ${verbs[verb]} ${counted(rows, 'row')} of ${table}: ${reason}.${who}${which}`;
}
