/** docs/troubleshooting.md: what a run says, and what to do about it. What Postgres says is taken from the advice that is given with it. */
import { adviceTable } from '../lib/database/advice.js';

export function renderTroubleshooting() {
  return [
    '# Troubleshooting, by message',
    '',
    'Written by `npm run docs`. A run gives this advice itself, under what failed.',
    '',
    '## The answer',
    '',
    ...table(['It says', 'It means', 'What to do'], answers),
    '',
    '## What is missing on GitHub',
    '',
    ...table(['It says', 'What to do'], deliveries),
    '',
    '## What Postgres says',
    '',
    'By the SQLSTATE that stands behind the message, and by what the message says where that matters.',
    '',
    ...table(
      ['SQLSTATE', 'What to do'],
      adviceTable.map(({ sqlstate, message, isRaised, isWithin, text }) => [
        `\`${sqlstate}\`${message === undefined ? '' : `, ${sayPattern(message)}`}${isRaised ? ', raised by a function' : ''}${isWithin ? ', within a function of the database' : ''}`,
        text,
      ]),
    ),
    '',
  ].join('\n');
}

const answers = [
  ['PASS, safe to merge', 'every database passed everything', 'merge'],
  [
    'PASS, shard 2 of 4',
    'one job of a matrix passed; it says nothing of the others',
    'require the job that merges the reports',
  ],
  [
    'PASS, but only for sections 5, 8 and only on 1 of 114 databases',
    'what was chosen of the fix and its states passed; it says nothing of the others',
    'rehearse the whole fix on all states before you merge it',
  ],
  [
    'FAIL, do not merge: …',
    'something that was tried is not as it must be',
    'what failed follows: where, and what to do',
  ],
  [
    'REFUSED, do not merge: decide first …',
    'the fix asks for a decision before it changes anything; nothing broke',
    'each decision follows with its name, and how it is made; then rehearse again',
  ],
  [
    'NOT DEPLOYED, … is as it was',
    'a proof failed, and the transaction was rolled back',
    'mend what failed, and deploy again',
  ],
  [
    'NOT PROVEN: shard 3 of 4 is missing',
    'a job was lost, or could not begin; the states that were not rehearsed are named',
    'run the failed job again',
  ],
  [
    'NOT PROVEN: … so it looked at nothing',
    'a check or a scenario passes on a database with nothing in it',
    'begin the query with what must be there, and let what is absent fail',
  ],
  [
    'NOT PROVEN: nothing could be found out',
    'an input or the bundle is wrong, or there was no Postgres',
    'do what the message says; `schema-fix lint` says what is wrong with a bundle, all at once',
  ],
];

const deliveries = [
  [
    'The comment could not be written … 403',
    'add `permissions: pull-requests: write` to the job; from a fork, see [forks](forks.md)',
  ],
  ['The check run could not be written … 403', 'add `permissions: checks: write` to the job'],
  [
    'The workflow is requesting `pull-requests: write`, but is only allowed `pull-requests: none`',
    'give the job that calls the reusable workflow that permission',
  ],
  [
    'Another job of this run had written the comment',
    'give each job its own `comment-key`, or join their reports with `command: merge`',
  ],
  [
    'The head of pull request 12 (pull-request-number) is …',
    'check out the head of the pull request, `ref: refs/pull/12/head`, and not the branch that it is merged into',
  ],
  [
    'No comment was written. `push` belongs to no pull request',
    'run `on: pull_request`, or give `pull-request-number`',
  ],
];

function table(head, rows) {
  const line = (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => ':-')), ...rows.map(line)];
}

/** A pattern as a person reads it: `"[^".]+"` is a quoted name without a dot. */
function sayPattern({ source }) {
  const named = { '"[^".]+"': 'a name without its schema' };
  return named[source] ?? `“${source.replaceAll('\\b', '').replaceAll('\\', '')}”`;
}
