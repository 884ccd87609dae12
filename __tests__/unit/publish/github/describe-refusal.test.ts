import { describe, expect, it } from '@jest/globals';
import { describeRefusal } from '../../../../src/publish/github/describe-refusal.js';

const attempt = { what: 'The comment', permission: 'pull-requests: write', isFromFork: false };

function refusal(status: number, message: string): Error {
  return Object.assign(new Error(message), { status, response: { status } });
}

describe('describeRefusal', () => {
  it.each([
    [401, 'Bad credentials', 'Check `github-token`'],
    [403, 'Resource not accessible by integration', 'Add `permissions: pull-requests: write` to the job.'],
    [403, 'You have exceeded a secondary rate limit.', 'run the job again later'],
    [404, 'Not Found', 'may see this repository'],
    [422, 'Validation Failed', 'The whole report is in the job summary.'],
    [429, 'Too many requests', 'run the job again later'],
    [502, 'Bad Gateway', 'It was tried three times'],
  ])('says what to do about %i %s', (status, message, remedy) => {
    const sentence = describeRefusal(refusal(status, message), attempt);
    expect(sentence).toContain(`The comment could not be written. GitHub answered ${status}: ${message}`);
    expect(sentence).toContain(remedy);
  });

  it('sends the author of a fork to the companion workflow, not to permissions that a fork cannot have', () => {
    const sentence = describeRefusal(refusal(403, 'Resource not accessible'), {
      ...attempt,
      isFromFork: true,
    });
    expect(sentence).toContain('workflow_run');
    expect(sentence).not.toContain('permissions:');
  });

  it('tells a network that fails from a GitHub that refuses', () => {
    const unanswered = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { status: 500 });
    expect(describeRefusal(unanswered, attempt)).toContain(
      'GitHub could not be reached (connect ECONNREFUSED',
    );
  });

  it('keeps one short line of what a proxy says in a page', () => {
    const page = `<!DOCTYPE html>${'x'.repeat(500)}\n<script>alert(1)</script>`;
    const sentence = describeRefusal(refusal(503, page), attempt);
    expect(sentence).not.toMatch(/[<>\n]/);
    expect(sentence.length).toBeLessThan(400);
  });
});
