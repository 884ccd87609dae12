/** Takes a report and gives the answer to what its reader asks first: one word and what goes on from it, as plain text. */
import type { Report } from '../model.js';
import { shorten } from './escape.js';
import { type FailureGroup, groupFailures } from './failures.js';
import { saySections } from './say-sections.js';
import { appliedSubjects } from './totals.js';
import { counted } from './words.js';

export type AnswerWord = 'PASS' | 'FAIL' | 'NOT DEPLOYED' | 'NOT PROVEN';

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
  if (only !== undefined && wasCommitted(report) === false) {
    return { word: 'NOT DEPLOYED', rest: `, ${only.name} is as it was: ${cause}` };
  }
  return { word: 'FAIL', rest: ` by ${cause}` };
}

/** Whether a deployment was committed; null: it was none, or nobody knows. */
export function wasCommitted({ command, verdict, subjects }: Report): boolean | null {
  const [only] = subjects;
  if (command !== 'deploy' || only === undefined) return null;
  if (verdict === 'pass') return true;
  // What went wrong outside of the proofs may have gone wrong at the commit, or after it.
  return only.problem === null ? false : null;
}

/** `PASS, safe to merge` */
export function sayAnswer(report: Report): string {
  const { word, rest } = findAnswer(report);
  return word + rest;
}

function whatFor({ command, sections, shard, subjects }: Report): string {
  if (command === 'deploy') return `deployed to ${subjects[0]?.name ?? ''}`;
  if (!sections.isWholeFix) return `as far as ${saySections(sections)} can`;
  if (shard !== null) return `shard ${shard.index} of ${shard.count}`;
  return 'safe to merge';
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
