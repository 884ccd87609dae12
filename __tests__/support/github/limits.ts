/** What GitHub refuses although its description allows it. */
import type { ContractRequest } from './contract.js';

const longestComment = 65_536;
const largestPage = 100;

/** What GitHub would say is wrong; empty if nothing is. */
export function judgeLimits({ query, body }: ContractRequest): readonly string[] {
  const problems: string[] = [];
  if (Number(query.per_page ?? 0) > largestPage) {
    problems.push(`per_page is more than ${largestPage}`);
  }
  if (hasText(body, 'body') && [...body.body].length > longestComment) {
    problems.push(`body is too long (maximum is ${longestComment} characters)`);
  }
  if (hasText(body, 'body') && body.body.trim() === '') {
    problems.push("body can't be blank");
  }
  if (hasText(body, 'status') && body.status === 'completed' && !hasText(body, 'conclusion')) {
    problems.push('conclusion is missing for a completed check run');
  }
  return problems;
}

function hasText<Name extends string>(body: unknown, name: Name): body is Record<Name, string> {
  return (
    typeof body === 'object' && body !== null && name in body && typeof (body as never)[name] === 'string'
  );
}
