/** Takes a verdict and its findings; adds a check run to the commit, its annotations in as many requests as they need. */
import type { Verdict } from '../../model.js';
import type { Budget } from '../../report/render-comment.js';
import type { Delivery } from './delivery.js';
import type { CheckRunAnnotation, GitHubApi } from './github-api.js';
import type { PlacedFinding } from './place-finding.js';

/** GitHub takes no more in one request, and adds those of the next to them. */
const annotationsPerRequest = 50;
/** Nobody reads more, and each batch costs a second of politeness. */
const annotationsAtMost = 500;
const summaryBudget: Budget = { limit: 65_535, unit: 'characters' };
/** In characters, as GitHub has them. */
const titleLimit = 255;
const messageLimit = 16_000;

export interface CheckRunRequest {
  readonly name: string;
  readonly commit: string;
  readonly runUrl: string;
  readonly verdict: Verdict;
  readonly headline: string;
  readonly renderBody: Delivery['renderBody'];
  readonly findings: readonly PlacedFinding[];
}

export async function publishCheckRun(
  api: Pick<GitHubApi, 'createCheckRun' | 'addToCheckRun'>,
  request: CheckRunRequest,
): Promise<void> {
  const output = { title: request.headline.slice(0, titleLimit), summary: request.renderBody(summaryBudget) };
  const [first = [], ...others] = batches(toAnnotations(request.findings));
  const id = await api.createCheckRun({
    name: request.name,
    commit: request.commit,
    conclusion: request.verdict === 'pass' ? 'success' : 'failure',
    detailsUrl: request.runUrl,
    output: { ...output, annotations: first },
  });
  for (const annotations of others) {
    await api.addToCheckRun(id, { ...output, annotations });
  }
}

function toAnnotations(findings: readonly PlacedFinding[]): CheckRunAnnotation[] {
  return findings
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
