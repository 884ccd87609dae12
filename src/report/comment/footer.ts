/** Where the report comes from: Postgres, time, commit, run. */
import type { Report } from '../../model.js';
import { code, link, prose } from '../markdown-text.js';
import { renderTallies } from '../render-headline.js';
import { saySections } from '../say-sections.js';
import { sayServers } from '../say-servers.js';
import { sayTrust } from '../say-trust.js';
import { counted, duration } from '../words.js';

/** What the report cannot know of itself. */
export interface ReportContext {
  /** The commit that was rehearsed, a full SHA. */
  readonly commit: string | null;
  readonly runUrl: string | null;
  /** Where the whole report is, as an artifact of the run; null: nowhere but on the runner. */
  readonly artifactUrl?: string | null | undefined;
  /** What is to be said of the base, or of why a FAIL does not block: plain sentences. */
  readonly notes?: readonly string[] | undefined;
  /** The same where it is no news of what passes: a few words. */
  readonly footnotes?: readonly string[] | undefined;
  /** Where a line of the bundle can be looked at; null for one that is not in the repository. */
  readonly linkTo?: ((place: PlaceInBundle) => LinkedPlace | null) | undefined;
}

export interface PlaceInBundle {
  /** What `path` is relative to. */
  readonly folder: string;
  readonly path: string;
  readonly line: number | null;
}

export interface LinkedPlace {
  /** Within the repository. */
  readonly path: string;
  readonly url: string;
}

export function renderFooter(report: Report, context: ReportContext | null, isShortened: boolean): string {
  const { postgres, shard } = report;
  const facts = [
    ...(report.command === 'rehearse' ? [] : [prose(report.bundle.title)]),
    prose(sayServers(postgres)),
    ...(report.sections.isWholeFix ? [] : [saySections(report.sections)]),
    ...(report.bundle.isTrusted ? [sayTrust] : []),
    ...(shard === null ? [] : [`shard ${shard.index} of ${shard.count}`]),
    `${sayTallies(report)} passed`,
    duration(report.milliseconds),
    ...(context?.commit && !context.artifactUrl ? [`commit ${code(context.commit.slice(0, 7))}`] : []),
    ...(context?.runUrl ? [link('the run', context.runUrl)] : []),
    ...(context?.footnotes ?? []).map(prose),
    ...(context?.artifactUrl ? [sayArtifact(context.commit, context.artifactUrl)] : []),
  ];
  const note = isShortened ? [`Shortened to fit; ${whereAllIs(context)}.<br>`] : [];
  return `<sub>${note.join('')}${facts.join(' · ')}</sub>`;
}

/** On one line, where it can be: `12 databases, 88 checks` are all of them. */
function sayTallies(report: Report): string {
  const { subjects, checks, scenarios } = report.tallies;
  const all = [subjects, checks, scenarios];
  if (subjects.planned === 0 || all.some(({ passed, planned }) => passed !== planned))
    return renderTallies(report);
  return [
    counted(subjects.planned, 'database'),
    counted(checks.planned, 'check'),
    ...(scenarios.planned > 0 ? [counted(scenarios.planned, 'scenario')] : []),
  ].join(', ');
}

function sayArtifact(commit: string | null, url: string): string {
  return link(commit === null ? 'the whole report' : `the whole report of ${commit.slice(0, 7)}`, url);
}

/** A file of a runner is gone with it. */
function whereAllIs(context: ReportContext | null): string {
  if (context === null) return 'the JSON report has everything';
  return context.artifactUrl
    ? 'the whole report has everything'
    : 'the JSON report of the run has everything, if a step uploads it';
}
