/** Takes a body and the marker of this run; leaves exactly one comment of ours on the pull request, never an older one. */

import { commentBudget } from '../../report/render-comment.js';
import type { Delivery } from './delivery.js';
import type { Account, Comment, GitHubApi } from './github-api.js';
import { isNewer, isSameComment, type Marker, parseMarker, renderMarker } from './marker.js';

export type CommentOutcome =
  | { readonly kind: 'created'; readonly url: string }
  | { readonly kind: 'updated'; readonly url: string; readonly wasOfThisRun: boolean }
  /** A newer run has spoken already. */
  | { readonly kind: 'outdated'; readonly url: string }
  /** There was none, and none was wanted. */
  | { readonly kind: 'not-needed' };

export interface CommentRequest {
  readonly pullRequest: number;
  readonly marker: Marker;
  readonly renderBody: Delivery['renderBody'];
  /** An existing comment is always brought up to date: a red one must not outlive its cause. */
  readonly createIfAbsent: boolean;
}

type Calls = Pick<
  GitHubApi,
  'readViewer' | 'listComments' | 'createComment' | 'updateComment' | 'deleteComment'
>;

export async function upsertComment(api: Calls, request: CommentRequest): Promise<CommentOutcome> {
  const { pullRequest, marker, createIfAbsent } = request;
  const own = await findOwn(api, pullRequest, marker);
  const newer = own.find((comment) => isNewer(comment.marker, marker));
  if (newer !== undefined) {
    return { kind: 'outdated', url: newer.url };
  }
  const [first, ...surplus] = own;
  if (first === undefined) {
    if (!createIfAbsent) {
      return { kind: 'not-needed' };
    }
    const { url } = await api.createComment(pullRequest, renderComment(request));
    return { kind: 'created', url };
  }
  const { url } = await api.updateComment(first.id, renderComment(request));
  // Two first runs at once each create a comment; one that nobody updates would stay red for ever.
  for (const { id } of surplus) {
    await api.deleteComment(id);
  }
  const isOfThisRun = first.marker.runId === marker.runId && first.marker.attempt === marker.attempt;
  return { kind: 'updated', url, wasOfThisRun: isOfThisRun };
}

type MarkedComment = Comment & { readonly marker: Marker };

async function findOwn(api: Calls, pullRequest: number, marker: Marker): Promise<MarkedComment[]> {
  const marked = (await api.listComments(pullRequest)).flatMap((comment) => {
    const found = parseMarker(comment.body);
    return found !== null && isSameComment(found, marker) ? [{ ...comment, marker: found }] : [];
  });
  if (marked.length === 0) {
    return [];
  }
  // Anybody can copy a marker; only the author says whose comment it is.
  const viewer = await api.readViewer();
  return marked.filter(({ author }) => author !== null && isSameAccount(author, viewer));
}

/** The account of a workflow's own token on github.com. A person cannot have a name with brackets. */
const workflowBot = 'github-actions[bot]';

/** Where the token may not ask who it is, it is taken for the workflow's own. */
export function isSameAccount(author: Account, viewer: Account | null): boolean {
  return viewer === null ? author.login === workflowBot : author.id === viewer.id;
}

function renderComment({ marker, renderBody }: CommentRequest): string {
  const opening = `${renderMarker(marker)}\n\n`;
  return opening + renderBody({ ...commentBudget, limit: commentBudget.limit - opening.length });
}
