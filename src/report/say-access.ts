/** Takes what the access proof found out and says it: in one line for all people, and in a sentence for each difference. */
import type { AccessDifference, AccessResult, AccessVerb } from '../model.js';
import { count, counted } from './words.js';

type Numbers = Pick<
  AccessResult,
  'people' | 'readAsBefore' | 'readAgain' | 'gained' | 'lost' | 'gainedAsDeclared' | 'lostAsDeclared'
>;

/** `612 people: 277 gained and 1,102 lost as the bundle declares, nobody else` */
export function sayAccess(numbers: Numbers): string {
  return `${people(numbers.people)}: ${sayGained(numbers)}`;
}

function sayGained({ gained, lost, gainedAsDeclared, lostAsDeclared }: Numbers): string {
  const meant = sayBoth(gainedAsDeclared, lostAsDeclared);
  const wrong = [
    ...(gained > 0 ? [`${count(gained)} gained what they must not have`] : []),
    ...(lost > 0 ? [`${count(lost)} lost what they had`] : []),
  ];
  if (wrong.length > 0) return [...wrong, ...(meant === '' ? [] : [`${meant} as declared`])].join('; ');
  return meant === '' ? 'nobody gained, nobody lost' : `${meant} as the bundle declares, nobody else`;
}

function sayBoth(gained: number, lost: number): string {
  return [
    ...(gained > 0 ? [`${count(gained)} gained`] : []),
    ...(lost > 0 ? [`${count(lost)} lost`] : []),
  ].join(' and ');
}

/** What those read who neither gained nor lost. */
export function detailAccess({ readAsBefore, readAgain }: Numbers): string[] {
  return [
    `${count(readAsBefore)} read what they read before`,
    ...(readAgain > 0 ? [`${count(readAgain)} who were refused by an error read again`] : []),
  ];
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
  const could = outcome === 'lost' ? 'can no longer' : 'can now';
  const who = person === null ? '' : ` ${difference.people > 1 ? 'One of them' : 'That'} is ${person}.`;
  const which = row === null ? '' : ` ${rows > 1 ? 'One of the rows' : 'The row'} is ${row}.`;
  return `${people(difference.people)} ${could} ${verbs[verb]} ${counted(rows, 'row')} of ${table}: ${reason}.${who}${which}`;
}
