/** Takes what is to be told and where this run stands; adds a check run to its commit, or says why it did not. */
import type { Budget } from '../../report/render-comment.js';
import type { GitHubContext } from '../../settings/github/github-context.js';
import type { Delivery, Note } from './delivery.js';
import { describeRefusal } from './describe-refusal.js';
import type { CheckRunAnnotation, GitHubApi } from './github-api.js';
import { placeAnnotation } from './place-annotation.js';

/** GitHub takes no more in one request, and adds those of the next to them. */
const annotationsPerRequest = 50;
/** Nobody reads more, and each batch costs a second of politeness. */
const annotationsAtMost = 500;
const summaryBudget: Budget = { limit: 65_535, unit: 'characters' };
/** In characters, as GitHub has them. */
const titleLimit = 255;
const messageLimit = 16_000;

type Calls = Pick<GitHubApi, 'createCheckRun' | 'addToCheckRun'>;

export interface CheckRunRequest {
  readonly delivery: Delivery;
  readonly context: Pick<GitHubContext, 'commit' | 'runUrl' | 'workspace' | 'pullRequest'>;
  /** Tells this check run from others of the same commit. */
  readonly key: string;
}

export async function publishCheckRun(api: Calls, request: CheckRunRequest): Promise<Note | null> {
  try {
    await createCheckRun(api, request);
    return null;
  } catch (error: unknown) {
    const { pullRequest } = request.context;
    const isFromFork = pullRequest.kind === 'known' && pullRequest.isFromFork;
    const attempt = { what: 'The check run', permission: 'checks: write', isFromFork };
    return { level: 'warning', text: describeRefusal(error, attempt) };
  }
}

/** Its annotations in as many requests as they need. */
async function createCheckRun(api: Calls, { delivery, context, key }: CheckRunRequest): Promise<void> {
  const { verdict, headline, renderBody } = delivery;
  const output = { title: headline.slice(0, titleLimit), summary: renderBody(summaryBudget) };
  const [first = [], ...others] = batches(placeAnnotations(delivery, context.workspace));
  const id = await api.createCheckRun({
    name: key === 'default' ? 'Postgres schema fix' : `Postgres schema fix (${key})`,
    commit: context.commit,
    conclusion: verdict === 'pass' ? 'success' : 'failure',
    detailsUrl: context.runUrl,
    output: { ...output, annotations: first },
  });
  for (const annotations of others) {
    await api.addToCheckRun(id, { ...output, annotations });
  }
}

/** Those that are in a file of the repository. */
function placeAnnotations({ annotations }: Delivery, workspace: string): CheckRunAnnotation[] {
  return annotations
    .map((annotation) => placeAnnotation(annotation, workspace))
    .flatMap(({ path, line, title, message }) =>
      path === null
        ? []
        : [{ path, line, title: title.slice(0, titleLimit), message: message.slice(0, messageLimit) }],
    )
    .slice(0, annotationsAtMost);
}

function batches(annotations: readonly CheckRunAnnotation[]): CheckRunAnnotation[][] {
  const count = Math.ceil(annotations.length / annotationsPerRequest);
  return Array.from({ length: count }, (_, index) =>
    annotations.slice(index * annotationsPerRequest, (index + 1) * annotationsPerRequest),
  );
}
