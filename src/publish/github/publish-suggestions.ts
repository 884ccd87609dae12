/** Takes what could be written instead of names that are not there; leaves exactly these suggestions of ours on the diff. */
import { code } from '../../report/markdown-text.js';
import { rewriteLine, type Suggestion } from '../../report/suggestions.js';
import type { GitHubContext } from '../../settings/github/github-context.js';
import type { Note } from './delivery.js';
import { describeRefusal } from './describe-refusal.js';
import { findPullRequest } from './find-pull-request.js';
import type { GitHubApi, ReviewComment } from './github-api.js';
import { isNewer, isSameComment, type Marker, parseMarker, renderMarker } from './marker.js';
import { placeAnnotation } from './place-annotation.js';
import { isSameAccount } from './upsert-comment.js';

type Calls = Pick<
  GitHubApi,
  | 'readViewer'
  | 'listReviewComments'
  | 'createReviewComment'
  | 'deleteReviewComment'
  | 'readDiffLines'
  | 'readHead'
  | 'listPullRequestsOfHead'
>;

export interface SuggestionsRequest {
  readonly suggestions: readonly Suggestion[];
  readonly context: GitHubContext;
  readonly key: string;
}

/** Nobody applies more by hand. */
const mostSuggestions = 20;

/** A fork's run has a token that may not; what it would say is in its summary. */
export async function publishSuggestions(api: Calls, request: SuggestionsRequest): Promise<Note | null> {
  const { pullRequest } = request.context;
  if (pullRequest.kind !== 'known' && pullRequest.kind !== 'by-number') return null;
  if (pullRequest.isFromFork) {
    return { level: 'info', text: 'No suggestions were written: the pull request is from a fork.' };
  }
  try {
    const found = await findPullRequest(api, pullRequest, request.context);
    if (found.kind === 'absent') {
      const level = found.isMistake ? 'warning' : 'info';
      return { level, text: `No suggestions were written. ${found.reason}` };
    }
    await bringUpToDate(api, request, found.number);
    return null;
  } catch (error: unknown) {
    const attempt = { what: 'The suggestions', permission: 'pull-requests: write', isFromFork: false };
    return { level: 'warning', text: describeRefusal(error, attempt) };
  }
}

async function bringUpToDate(api: Calls, request: SuggestionsRequest, number: number): Promise<void> {
  const { context, key } = request;
  const marker: Marker = {
    key: `suggestions of ${key}`,
    workflow: context.workflow,
    runId: context.runId,
    ...context.order,
  };
  const all = await api.listReviewComments(number);
  const own = await findOwn(api, all, marker);
  if (own.some((comment) => isNewer(comment.marker, marker))) return;
  const wanted =
    request.suggestions.length === 0 ? [] : await place(await api.readDiffLines(number), request);
  // First what is obsolete: a line that GitHub does not take must not keep it.
  for (const { id, path, line, body } of own) {
    const isWanted = wanted.some(
      (one) => one.path === path && one.line === line && one.text === textOf(body),
    );
    // What somebody answered is a conversation of theirs.
    const isAnswered = all.some(({ inReplyTo }) => inReplyTo === id);
    if (!isWanted && !isAnswered) await api.deleteReviewComment(id);
  }
  const isThere = (one: Wanted) =>
    own.some(({ path, line, body }) => path === one.path && line === one.line && textOf(body) === one.text);
  for (const one of wanted.filter((candidate) => !isThere(candidate)).slice(0, mostSuggestions)) {
    const body = `${renderMarker(marker)}\n${one.text}`;
    await api.createReviewComment(number, { commit: context.commit, path: one.path, line: one.line, body });
  }
}

interface Wanted {
  readonly path: string;
  readonly line: number;
  /** Below the marker. */
  readonly text: string;
}

/** Only on a line that the diff shows, as it shows it: what was checked out may be another commit. */
async function place(
  lines: ReadonlyMap<string, ReadonlyMap<number, string>>,
  { suggestions, context: { workspace } }: SuggestionsRequest,
): Promise<Wanted[]> {
  return suggestions.flatMap((suggestion): Wanted[] => {
    const { path } = placeAnnotation({ ...suggestion, title: '', message: '' }, workspace);
    const line = suggestion.line;
    const shown = path === null ? undefined : lines.get(path)?.get(line);
    const rewritten = shown === undefined ? null : rewriteLine(shown, suggestion);
    if (path === null || rewritten === null || rewritten === shown) return [];
    const fence = '`'.repeat(Math.max(3, ...[...rewritten.matchAll(/`+/g)].map(([run]) => run.length + 1)));
    const reason = `${code(suggestion.missing)} is not there; ${code(suggestion.instead)} is.`;
    return [{ path, line, text: `${reason}\n\n${fence}suggestion\n${rewritten}\n${fence}` }];
  });
}

/** GitHub gives line ends back in its own way. */
const textOf = (body: string): string => body.replaceAll('\r\n', '\n').split('\n').slice(1).join('\n');

type Own = ReviewComment & { readonly marker: Marker };

async function findOwn(api: Calls, all: readonly ReviewComment[], marker: Marker): Promise<Own[]> {
  const marked = all.flatMap((comment) => {
    const found = parseMarker(comment.body);
    return found !== null && isSameComment(found, marker) ? [{ ...comment, marker: found }] : [];
  });
  if (marked.length === 0) return [];
  const viewer = await api.readViewer();
  return marked.filter(({ author }) => author !== null && isSameAccount(author, viewer));
}
