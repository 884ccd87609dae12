/** Takes the reports of a matrix and gives one report with one verdict, in which a missing part is a failure. */
import { UserError } from '../errors.js';
import type { ControlsResult, PostgresInfo, Report, SubjectResult } from '../model.js';
import { concludeRun, type Plan } from './build-report.js';
import { findMisfits } from './find-misfits.js';
import { collectWholes, findMissingParts, missingShards } from './find-missing-parts.js';
import { findUnseen } from './find-unseen.js';
import { judgeCriteria } from './judge-criteria.js';
import { keepChangesOfOne } from './keep-changes.js';
import { majorOf, type NamedReport, nameOf } from './name-report.js';

export interface MergeRequest {
  /** One at least. */
  readonly reports: readonly NamedReport[];
  /** How many there must be; null: as many as there are. */
  readonly expectedReports: number | null;
  /** Globs that matched no report. */
  readonly unmatched: readonly string[];
}

/** Throws one UserError about all that cannot be joined: reports of another fix, a state that two reports speak of. */
export function mergeReports({ reports, expectedReports, unmatched }: MergeRequest): Report {
  const originals = withoutCopies(reports);
  const problems = findMisfits(originals);
  if (problems.length > 0) throw new UserError(problems.join('\n'));

  const parts = originals.map(({ report }) => report).sort((one, other) => majorOf(one) - majorOf(other));
  const [first] = parts;
  if (first === undefined) throw new Error('There is no report to merge.');
  const { command, bundle, sections, settings } = first;
  const subjects = keepChangesOfOne(joinSubjects(parts));
  const controls = joinControls(parts);
  const commands = withoutRepeats(parts.flatMap((part) => part.commands ?? []));
  const reasons = [
    ...unmatched.map((glob) => `No report matches ${glob}.`),
    ...findMissingParts(parts, expectedReports),
    ...findUnseenByShards(parts),
    ...parts.flatMap((part) => reasonsOf(part, parts.length === 1)),
  ];
  return {
    formatVersion: 1,
    command,
    ...concludeRun({
      command,
      subjects,
      plan: joinPlans(parts),
      isWholeFix: sections.isWholeFix,
      // What a part found blind is among its reasons already.
      controls: { ...controls, blind: [] },
      reasons,
    }),
    controls,
    bundle,
    sections,
    settings,
    postgres: distinctServers(parts),
    ...joinStates(parts),
    shard: null,
    subjects,
    ...joinCulprits(parts),
    ...(first.criteria === undefined
      ? {}
      : { criteria: judgeCriteria(first.criteria, subjects, { commands, digest: bundle.digest }) }),
    ...(commands.length === 0 ? {} : { commands }),
    ...(parts.some(({ isBrokenOff }) => isBrokenOff) ? { isBrokenOff: true } : {}),
    ...spanOf(parts),
  };
}

/** The same fix has the same lines. */
function joinCulprits(parts: readonly Report[]): Pick<Report, 'culprits'> {
  const culprits = withoutRepeats(parts.flatMap((part) => part.culprits ?? []));
  return culprits.length === 0 ? {} : { culprits };
}

/** A shard has some of the states, so what none of them has only all together can tell; where one is missing nobody can. */
function findUnseenByShards(parts: readonly Report[]): string[] {
  return collectWholes(parts).flatMap((whole) => {
    const named = whole.dealt?.named;
    const isPart = missingShards(whole).length > 0 || whole.parts.some(({ isBrokenOff }) => isBrokenOff);
    if (named === undefined || isPart) return [];
    const unseen = findUnseen(
      named,
      whole.parts.flatMap(({ subjects }) => subjects),
    );
    return unseen.map((sentence) => `Postgres ${whole.major}: ${sentence}`);
  });
}

/** An artifact that was downloaded twice is one report. */
function withoutCopies(reports: readonly NamedReport[]): NamedReport[] {
  const seen = new Map<string, NamedReport>();
  for (const named of reports) {
    const text = JSON.stringify(named.report);
    if (!seen.has(text)) seen.set(text, named);
  }
  return [...seen.values()];
}

/** In the bundle's order, which the names' numbers give; a state of several majors is told apart by its major. */
function joinSubjects(parts: readonly Report[]): SubjectResult[] {
  const majors = [...new Set(parts.map(majorOf))];
  return majors.flatMap((major) =>
    parts
      .filter((part) => majorOf(part) === major)
      .flatMap(({ subjects }) => subjects)
      .sort((one, other) => (one.name < other.name ? -1 : 1))
      .map((subject) =>
        majors.length === 1 ? subject : { ...subject, name: `Postgres ${major}: ${subject.name}` },
      ),
  );
}

/** What was dealt out counts, also where the report of a shard is missing. */
function joinPlans(parts: readonly Report[]): Plan {
  const wholes = collectWholes(parts).filter(({ dealt }) => dealt !== null);
  const others = parts.filter((part) => !wholes.some((whole) => whole.parts.includes(part)));
  const sum = (key: keyof Plan) =>
    others.reduce((total, { tallies }) => total + tallies[key].planned, 0) +
    wholes.reduce((total, { dealt }) => total + (dealt?.[key] ?? 0), 0);
  return { subjects: sum('subjects'), checks: sum('checks'), scenarios: sum('scenarios') };
}

/** Of two jobs each may have been given some of the states by name. */
function joinStates(parts: readonly Report[]): Pick<Report, 'states'> {
  const [first] = parts;
  if (first?.states === undefined || parts.some(({ states }) => states === undefined)) return {};
  const chosen = new Set(
    parts.flatMap(({ shard, subjects }) => shard?.dealt?.states ?? subjects.map(({ name }) => name)),
  );
  return { states: { chosen: chosen.size, ofBundle: first.states.ofBundle } };
}

function joinControls(parts: readonly Report[]): ControlsResult {
  const sum = (key: 'planned' | 'executed') => parts.reduce((total, part) => total + part.controls[key], 0);
  const blind = new Set(parts.flatMap((part) => part.controls.blind));
  const endedBy = parts.find(({ controls }) => controls.endedBy !== undefined)?.controls.endedBy;
  return {
    planned: sum('planned'),
    executed: sum('executed'),
    blind: [...blind],
    ...(endedBy === undefined ? {} : { endedBy }),
  };
}

/** A report that says FAIL is never overruled, whatever its subjects say. */
function reasonsOf(part: Report, isOnlyOne: boolean): string[] {
  const isExplained = part.reasons.length > 0 || part.subjects.some(({ outcome }) => outcome === 'fail');
  const reasons =
    part.verdict === 'fail' && !isExplained ? ['The verdict is fail, for no reason given.'] : part.reasons;
  return isOnlyOne ? [...reasons] : reasons.map((reason) => `${nameOf(part)}: ${reason}`);
}

function distinctServers(parts: readonly Report[]): PostgresInfo[] {
  const servers = parts.flatMap(({ postgres }) => postgres);
  return withoutRepeats(servers);
}

function withoutRepeats<Data>(all: readonly Data[]): Data[] {
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
}

/** From when the first began to when the last ended. */
function spanOf(parts: readonly Report[]): Pick<Report, 'startedAt' | 'milliseconds'> {
  const begins = parts.map(({ startedAt }) => Date.parse(startedAt));
  const ends = parts.map((part) => Date.parse(part.startedAt) + part.milliseconds);
  const begin = Math.min(...begins);
  return { startedAt: new Date(begin).toISOString(), milliseconds: Math.max(...ends) - begin };
}
