/** Takes what the event says of a pull request; gives its number, asking GitHub where the event leaves it out. */
import type { GitHubApi } from './github-api.js';
import type { PullRequestReference } from './github-context.js';

export type FoundPullRequest =
  | { readonly kind: 'found'; readonly number: number }
  | { readonly kind: 'absent'; readonly reason: string };

/** `none` and `unreadable` are told apart by the caller, who needs no GitHub for them. */
export async function findPullRequest(
  api: Pick<GitHubApi, 'listPullRequestsOfHead'>,
  reference: Extract<PullRequestReference, { kind: 'known' | 'by-head' }>,
): Promise<FoundPullRequest> {
  if (reference.kind === 'known') {
    return { kind: 'found', number: reference.number };
  }
  const [number] = await api.listPullRequestsOfHead(reference.head);
  if (number === undefined) {
    const reason = `No open pull request has ${reference.head.commit.slice(0, 7)} as its head (any more).`;
    return { kind: 'absent', reason };
  }
  return { kind: 'found', number };
}
