/** Takes a failure and gives plain lines, for JUnit and annotations, which know no markup. */
import { longestSentence, makeLinesVisible, shorten, showDecision, tame } from './escape.js';
import { type AskedFirst, type Failure, introduceAsked } from './failure.js';

/** Nobody can decide what is cut short: each stands whole. */
function sayAsked(asked: AskedFirst): string[] {
  const { decisions, how } = asked;
  return [
    introduceAsked(asked),
    ...decisions.map((decision) => `- ${showDecision(decision)}`),
    ...(how === null ? [] : [`How to decide: ${showDecision(how)}`]),
  ];
}

/** The first line says it in one sentence. */
export function failureText({
  reason,
  problem,
  asked,
  mismatches,
  items,
  advice,
  path,
  line,
}: Failure): string {
  const where = [problem?.path ?? path, problem?.line ?? line, problem?.column ?? null];
  const lines = [
    ...(problem === null ? [] : [`${problem.message} (SQLSTATE ${problem.sqlstate})`]),
    ...(reason === null ? [] : [reason]),
    ...mismatches.map(({ object, expected, actual }) => `${object}: expected ${expected}, found ${actual}`),
    ...items,
    ...(problem?.detail ? [`Detail: ${problem.detail}`] : []),
    ...(problem?.hint ? [`Hint: ${problem.hint}`] : []),
    ...(problem?.advice ? [`What to do: ${problem.advice}`] : []),
    ...(advice === null ? [] : [`What to do: ${advice}`]),
    ...(where[0] ? [`at ${where.filter((part) => part !== null).join(':')}`] : []),
  ].map((text) => tame(text, longestSentence));
  const snippet = problem?.snippet ? makeLinesVisible(problem.snippet).map((text) => shorten(text, 400)) : [];
  const inner = problem?.inner ? makeLinesVisible(problem.inner).map((text) => shorten(text, 400)) : [];
  return [...(asked === null ? [] : sayAsked(asked)), ...lines, ...snippet, ...inner].join('\n');
}
