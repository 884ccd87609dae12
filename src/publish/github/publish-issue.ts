/** Takes what is to be told; keeps one issue for as long as it is no PASS: opened, brought up to date, and closed when it is gone. */
import { commentBudget } from '../../report/render-comment.js';
import type { GitHubContext } from '../../settings/github/github-context.js';
import type { Delivery, Note } from './delivery.js';
import { describeRefusal } from './describe-refusal.js';
import type { GitHubApi } from './github-api.js';
import { isNewer, isSameComment, type Marker, parseMarker, renderMarker } from './marker.js';
import { isSameAccount } from './upsert-comment.js';

export interface IssueResult {
  readonly url: string | null;
  readonly note: Note | null;
}

type Calls = Pick<GitHubApi, 'readViewer' | 'listOpenIssues' | 'createIssue' | 'updateIssue'>;

export async function publishIssue(
  api: Calls,
  {
    delivery,
    context: { workflow, runId, order },
    key,
  }: {
    readonly delivery: Pick<Delivery, 'verdict' | 'headline' | 'renderBody'>;
    readonly context: Pick<GitHubContext, 'workflow' | 'runId' | 'order'>;
    readonly key: string;
  },
): Promise<IssueResult> {
  try {
    return await upsertIssue(api, { delivery, marker: { key, workflow, runId, ...order } });
  } catch (error: unknown) {
    const attempt = { what: 'The issue', permission: 'issues: write', isFromFork: false };
    return { url: null, note: { level: 'warning', text: describeRefusal(error, attempt) } };
  }
}

async function upsertIssue(
  api: Calls,
  {
    delivery,
    marker,
  }: {
    readonly delivery: Pick<Delivery, 'verdict' | 'headline' | 'renderBody'>;
    readonly marker: Marker;
  },
): Promise<IssueResult> {
  const isGone = delivery.verdict === 'pass';
  const own = await findOwn(api, marker);
  const [first, ...surplus] = own;
  const newer = own.find((issue) => isNewer(issue.marker, marker));
  if (newer !== undefined) {
    const text = 'The issue was left alone: a newer run has written it already.';
    return { url: newer.url, note: { level: 'info', text } };
  }
  const issue = { title: delivery.headline, body: renderBody(delivery, marker) };
  if (first === undefined) {
    if (isGone) return { url: null, note: null };
    const { url } = await api.createIssue(issue);
    return { url, note: null };
  }
  const { url } = await api.updateIssue(first.number, { ...issue, isClosed: isGone });
  // Two first runs at once each open one.
  for (const { number } of surplus) await api.updateIssue(number, { ...issue, isClosed: true });
  return { url, note: null };
}

async function findOwn(api: Calls, marker: Marker) {
  const marked = (await api.listOpenIssues()).flatMap((issue) => {
    const found = parseMarker(issue.body);
    return found !== null && isSameComment(found, marker) ? [{ ...issue, marker: found }] : [];
  });
  if (marked.length === 0) return [];
  // Anybody can copy a marker; only the author says whose issue it is.
  const viewer = await api.readViewer();
  return marked.filter(({ author }) => author !== null && isSameAccount(author, viewer));
}

/** An issue is as long as a comment may be. */
function renderBody(delivery: Pick<Delivery, 'renderBody'>, marker: Marker): string {
  const opening = `${renderMarker(marker)}\n\n`;
  return opening + delivery.renderBody({ ...commentBudget, limit: commentBudget.limit - opening.length });
}
