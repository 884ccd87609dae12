/** Takes what is known of a pull request; gives its number, asking GitHub what the event leaves out. */
import type { GitHubContext, PullRequestReference } from '../../settings/github/github-context.js';
import type { GitHubApi } from './github-api.js';

export type FoundPullRequest =
  | { readonly kind: 'found'; readonly number: number }
  /** `isMistake`: somebody named the wrong one. */
  | { readonly kind: 'absent'; readonly reason: string; readonly isMistake: boolean };

export type OpenReference = Exclude<PullRequestReference, { kind: 'none' | 'unreadable' }>;

/** `none` and `unreadable` are told apart by the caller, who needs no GitHub for them. */
export async function findPullRequest(
  api: Pick<GitHubApi, 'listPullRequestsOfHead' | 'readHead'>,
  reference: OpenReference,
  { commit }: Pick<GitHubContext, 'commit'>,
): Promise<FoundPullRequest> {
  switch (reference.kind) {
    case 'known':
      return { kind: 'found', number: reference.number };
    case 'by-number': {
      const head = await api.readHead(reference.number);
      if (head === commit) return { kind: 'found', number: reference.number };
      const reason = `The head of pull request ${reference.number} (pull-request-number) is ${head.slice(0, 7)}, and ${commit.slice(0, 7)} was rehearsed.`;
      return { kind: 'absent', reason, isMistake: true };
    }
    case 'by-head': {
      const [number] = await api.listPullRequestsOfHead(reference.head);
      if (number !== undefined) return { kind: 'found', number };
      const reason = `No open pull request has ${reference.head.commit.slice(0, 7)} as its head (any more).`;
      return { kind: 'absent', reason, isMistake: false };
    }
  }
}
