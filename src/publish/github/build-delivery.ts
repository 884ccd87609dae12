/** Takes a report, or what kept a run from having one; gives what is told to GitHub of it. */
import type { Report } from '../../model.js';
import { buildAnnotations } from '../../report/annotations.js';
import { makeVisible, shorten } from '../../report/escape.js';
import { renderComment } from '../../report/render-comment.js';
import { renderHeadline } from '../../report/render-headline.js';
import { renderObstacle } from '../../report/render-obstacle.js';
import { renderShardLine } from '../../report/render-shard-line.js';
import { findSuggestions } from '../../report/suggestions.js';
import type { Page } from '../../report/watch/page.js';
import { renderPage } from '../../report/watch/render-markdown.js';
import type { GitHubContext } from '../../settings/github/github-context.js';
import type { WatchReport } from '../../watched.js';
import type { UnlinkedDelivery } from './delivery.js';
import type { UploadResult } from './upload-report.js';
import type { Weighed } from './weigh-base.js';

const longestHeadline = 250;

type Run = Pick<GitHubContext, 'commit' | 'runUrl'>;

export function buildReportDelivery(
  report: Report,
  { commit, runUrl, artifact }: Run & { readonly artifact: UploadResult },
  { notes, footnotes, isBlocking }: Weighed,
): UnlinkedDelivery {
  return {
    isBlocking,
    notes: artifact.note === null ? [] : [artifact.note],
    verdict: report.verdict,
    headline: renderHeadline(report),
    renderBody: (budget, linkTo) =>
      renderComment(report, {
        context: { commit, runUrl, artifactUrl: artifact.url, linkTo, notes, footnotes },
        budget,
      }),
    summaryLine: report.shard === null ? undefined : renderShardLine(report),
    annotations: buildAnnotations(report),
    suggestions: findSuggestions(report),
  };
}

/** One that was not proven fails the job, too. */
export function buildWatchDelivery(
  { verdict }: Pick<WatchReport, 'verdict'>,
  page: Page,
  { commit, runUrl }: Run,
): UnlinkedDelivery {
  return {
    isBlocking: true,
    verdict: verdict === 'pass' ? 'pass' : 'fail',
    headline: shorten(makeVisible(page.word + page.rest), longestHeadline),
    renderBody: (budget) => renderPage(page, { context: { commit, runUrl }, budget }),
    annotations: [],
  };
}

/** A comment that an earlier run left green must not stand when this run could not prove anything. */
export function buildObstacleDelivery(text: string, { commit, runUrl }: Run): UnlinkedDelivery {
  return {
    isBlocking: true,
    verdict: 'fail',
    headline: shorten(makeVisible(text), longestHeadline),
    renderBody: () => renderObstacle(text, { commit, runUrl }),
    annotations: [],
  };
}
