/** Takes a report and that of the commit it is to be merged into; gives what newly fails and what newly passes. */
import type { Report, SubjectResult } from '../model.js';
import { subjectCases } from './subject-cases.js';
import { counted, listed } from './words.js';

export interface SinceBase {
  /** `04_recursive_policies: Check 3: RLS Enabled`; of a state that is new, too. */
  readonly newlyFailing: readonly string[];
  readonly newlyPassing: readonly string[];
  /** States of the base that were not rehearsed. */
  readonly vanished: readonly string[];
}

export function compareBase(report: Report, base: Report): SinceBase {
  const now = failing(report);
  const before = failing(base);
  const there = new Set(report.subjects.map(({ name }) => name));
  return {
    newlyFailing: [...now.keys()].filter((key) => !before.has(key)),
    newlyPassing: [...before]
      .filter(([key, subject]) => !now.has(key) && there.has(subject))
      .map(([key]) => key),
    vanished: base.subjects.map(({ name }) => name).filter((name) => !there.has(name)),
  };
}

/** A state that vanished could hide what it would have failed by. */
export function isRegression({ newlyFailing, vanished }: SinceBase): boolean {
  return newlyFailing.length > 0 || vanished.length > 0;
}

const mostNamed = 5;

/** One sentence for each that there is; one, where nothing changed. */
export function saySinceBase({ newlyFailing, newlyPassing, vanished }: SinceBase): string[] {
  const said = [
    ...say(newlyFailing, 'newly fails', 'newly fail'),
    ...say(newlyPassing, 'newly passes', 'newly pass'),
    ...say(vanished, 'database of the base is gone', 'databases of the base are gone'),
  ];
  return said.length > 0 ? said : ['nothing newly fails, and nothing newly passes'];
}

function say(items: readonly string[], one: string, several: string): string[] {
  return items.length === 0 ? [] : [`${counted(items.length, one, several)}: ${listed(items, mostNamed)}`];
}

/** What failed, with the database that it failed on; and every reason of the run as a whole, which is of none. */
function failing(report: Report): Map<string, string> {
  return new Map([
    ...report.subjects.flatMap((subject) =>
      casesOf(subject, report).map((title): [string, string] => [`${subject.name}: ${title}`, subject.name]),
    ),
    ...report.reasons.map((reason): [string, string] => [reason, report.subjects[0]?.name ?? '']),
  ]);
}

function casesOf(subject: SubjectResult, { sections }: Report): string[] {
  return subjectCases(subject, sections.isWholeFix)
    .filter(({ failures }) => failures.length > 0)
    .map(({ title }) => title);
}
