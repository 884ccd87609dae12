/** Takes what the access proof found out and says it: in one line for all people, and in a sentence for each difference. */
import type { AccessDifference, AccessResult, AccessVerb } from '../model.js';
import { count, counted } from './words.js';

type Numbers = Pick<
  AccessResult,
  'people' | 'readAsBefore' | 'readAgain' | 'gained' | 'lost' | 'gainedAsDeclared' | 'lostAsDeclared'
>;

/** `612 people: 598 read what they read before; 14 who were refused by an error read again; nobody gained; nobody lost` */
export function sayAccess(numbers: Numbers): string {
  const { readAgain, gained, lost, gainedAsDeclared, lostAsDeclared } = numbers;
  const isAnybody = readAgain + gainedAsDeclared + lostAsDeclared > 0;
  const whoElse = isAnybody ? 'nobody else' : 'nobody';
  const meant = [
    ...(gainedAsDeclared > 0 ? [`${count(gainedAsDeclared)} gained`] : []),
    ...(lostAsDeclared > 0 ? [`${count(lostAsDeclared)} lost`] : []),
  ];
  return [
    `${people(numbers.people)}: ${count(numbers.readAsBefore)} read what they read before`,
    ...(readAgain > 0 ? [`${count(readAgain)} who were refused by an error read again`] : []),
    ...(meant.length > 0 ? [`${meant.join(' and ')} what the bundle declares`] : []),
    gained > 0 ? `${count(gained)} gained what they must not have` : `${whoElse} gained`,
    lost > 0 ? `${count(lost)} lost what they had` : `${whoElse} lost`,
  ].join('; ');
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
