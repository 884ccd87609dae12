/** Takes the reports that are to be joined and gives a sentence for each that cannot be. */
import type { Report } from '../model.js';
import { makeVisible } from './escape.js';
import { majorOf, type NamedReport } from './name-report.js';

export function findMisfits(reports: readonly NamedReport[]): string[] {
  const [first] = reports;
  if (first === undefined) return [];
  return [...reports.flatMap((named) => whyNotJoined(named, first)), ...findRepeatedStates(reports)].map(
    makeVisible,
  );
}

function whyNotJoined({ path, report }: NamedReport, first: NamedReport): string[] {
  if (report.command !== 'rehearse') {
    return [`${path}: is the report of a ${report.command}. Only rehearsals are merged; take it out.`];
  }
  if (report.postgres.length !== 1) {
    return [`${path}: was merged already. Give the reports that it was merged from.`];
  }
  if (report.bundle.digest !== first.report.bundle.digest) {
    return [`${path}: is of another fix than ${first.path}. Merge reports of one bundle at one commit.`];
  }
  if (sectionsOf(report) !== sectionsOf(first.report)) {
    return [`${path}: is of other sections than ${first.path}. Merge reports of the same sections.`];
  }
  if (settingsOf(report) !== settingsOf(first.report)) {
    return [`${path}: was run with other settings than ${first.path}. Merge reports of the same settings.`];
  }
  return [];
}

function settingsOf({ settings }: Report): string {
  return JSON.stringify(settings.map(({ name, value }) => [name, value]));
}

function sectionsOf({ sections }: Report): string {
  return JSON.stringify(sections.numbers);
}

/** Two different findings about one database would count twice, and one of them is not of this run. */
function findRepeatedStates(reports: readonly NamedReport[]): string[] {
  const owners = new Map<string, string>();
  const problems = new Set<string>();
  for (const { path, report } of reports) {
    for (const { name } of report.subjects) {
      const state = `${name} on Postgres ${majorOf(report)}`;
      const owner = owners.get(state);
      owners.set(state, path);
      if (owner !== undefined) {
        problems.add(`${owner} and ${path} both report ${state}. Give one report for each state and major.`);
      }
    }
  }
  return [...problems];
}
