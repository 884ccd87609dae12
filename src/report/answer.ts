/** Takes a report and gives the answer to what its reader asks first: one word and what goes on from it, as plain text. */
import type { Report, SubjectResult } from '../model.js';
import { shorten } from './escape.js';
import { type FailureGroup, groupFailures, isRefused } from './failures.js';
import { saySections } from './say-sections.js';
import { appliedSubjects, foundNoTable } from './totals.js';
import { count, counted } from './words.js';

export type AnswerWord = 'PASS' | 'FAIL' | 'REFUSED' | 'NOT DEPLOYED' | 'NOT PROVEN' | 'UNKNOWN';

export interface Answer {
  readonly word: AnswerWord;
  /** Goes on from the word, with its comma, colon or blank: `, safe to merge`. */
  readonly rest: string;
}

/** Whoever wrote a title may have written a page. */
const longestTitle = 120;

export function findAnswer(report: Report): Answer {
  if (report.verdict === 'pass') return { word: 'PASS', rest: `, ${whatFor(report)}` };
  const groups = groupFailures(report);
  const [first] = groups;
  if (first === undefined) return { word: 'NOT PROVEN', rest: `: ${whatIsMissing(report)}` };
  const cause = `${shorten(first.title, longestTitle)}${spread(first, report)}${andMore(groups.length - 1, 'more failure')}`;
  const [only] = report.subjects;
  if (only?.committed === 'unknown') {
    return { word: 'UNKNOWN', rest: ` whether ${placeOf(only)} was changed: ${cause}` };
  }
  if (only?.committed === 'yes')
    return { word: 'FAIL', rest: `, yet committed to ${placeOf(only)}: ${cause}` };
  if (only?.committed === 'no' && report.command === 'deploy') {
    return { word: 'NOT DEPLOYED', rest: `, rolled back, ${placeOf(only)} is as it was: ${cause}` };
  }
  const dont = report.command === 'rehearse' ? 'do not merge' : 'do not deploy';
  return groups.every(isRefused)
    ? { word: 'REFUSED', rest: `, ${dont}: decide first what the fix asks in ${cause}` }
    : { word: 'FAIL', rest: `, ${dont}: ${cause}` };
}

/** Whether a target was changed; null: there was none, or nobody knows. */
export function wasCommitted({ subjects: [only] }: Report): boolean | null {
  if (only?.committed === undefined || only.committed === 'unknown') return null;
  return only.committed === 'yes';
}

/** `PASS, safe to merge` */
export function sayAnswer(report: Report): string {
  const { word, rest } = findAnswer(report);
  return word + rest;
}

/** The database, and where it is: one name may be that of many. */
export function placeOf({ name, title }: SubjectResult): string {
  return title === name || title.endsWith(`/${name}`) ? title : `${name} (${title})`;
}

function whatFor(report: Report): string {
  const { command, shard, subjects } = report;
  const [only] = subjects;
  const limits = sayLimits(report);
  const alone = limits === '' ? '' : `, but ${limits}`;
  if (command === 'plan' && only !== undefined)
    return `planned for ${placeOf(only)}${alone}, nothing is changed yet`;
  if (command === 'deploy' && only !== undefined) return `committed to ${placeOf(only)}${alone}`;
  if (shard !== null) return `shard ${shard.index} of ${shard.count}${alone}`;
  return limits === '' ? 'safe to merge' : `but ${limits}`;
}

/** What was chosen of the fix and its states: nobody may take it for all. Empty where all of it was tried, and by somebody. */
function sayLimits(report: Report): string {
  const { sections, states } = report;
  const isPart = states !== undefined && states.chosen < states.ofBundle;
  return [
    ...(foundNoTable(report)
      ? ['nothing was repaired: the database has none of the tables of this fix']
      : []),
    ...(sections.isWholeFix ? [] : [`only for ${saySections(sections)}`]),
    ...(isPart ? [`only on ${count(states.chosen)} of ${counted(states.ofBundle, 'database')}`] : []),
    ...sayUntried(report),
  ].join(' and ');
}

/** What users do, and whom the fix lets in, was looked at nowhere: the bundle has none, or each database is too large for it. */
function sayUntried(report: Report): string[] {
  const applied = appliedSubjects(report);
  if (applied.length === 0) return [];
  const hasScenario = applied.some(
    ({ scenarios }) => scenarios.outcome !== 'skipped' && scenarios.scenarios.length > 0,
  );
  return [
    ...(hasScenario ? [] : ['no scenario was tried']),
    ...(applied.every(({ access }) => access.outcome === 'skipped') ? ['nobody was tried'] : []),
  ];
}

/** The first sentence; what to do about it is told below. */
function whatIsMissing({ reasons }: Report): string {
  const [first = 'no reason was given'] = reasons;
  return first.replace(/\.(\s.*)?$/s, '') + andMore(reasons.length - 1, 'more reason');
}

function andMore(left: number, what: string): string {
  return left > 0 ? `, and ${counted(left, what)}` : '';
}

/** `, on all 12 databases`; nothing where there is only one. */
export function spread({ subjects }: Pick<FailureGroup, 'subjects'>, report: Report): string {
  if (report.subjects.length < 2) return '';
  const applied = appliedSubjects(report).map(({ name }) => name);
  const isEverywhere = subjects.length === applied.length && applied.every((name) => subjects.includes(name));
  return isEverywhere
    ? `, on all ${counted(applied.length, 'database')}`
    : `, on ${subjects.length} of ${counted(report.subjects.length, 'database')}`;
}
