/** Somebody at a terminal → what `init` is to write, asked where they did not say it. */
import { once } from 'node:events';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import type { Readable, Writable } from 'node:stream';
import { UserError } from '../errors.js';
import type { RawInputs } from './input-reader.js';

export interface Terminal {
  readonly input: Readable;
  readonly output: Writable;
  readonly signal: AbortSignal;
}

interface Question {
  readonly name: string;
  readonly text: string;
  readonly standard: string;
  /** What is wrong with an answer; null: nothing. */
  readonly judge: (answer: string) => string | null;
  /** Whether it is of an example, and not asked where there is something to begin with. */
  readonly isOfExample?: boolean;
}

/** What is answered where a folder supabase is there, and is not to be read. */
const example = 'example';

/** In the order in which they are asked. */
function questionsFor(hasSupabase: boolean): readonly Question[] {
  return [
    {
      name: 'folder',
      text: 'A folder for the fix',
      standard: 'fix',
      judge: (answer) =>
        isFree(answer) ? null : 'Something is there already. Name one that is empty, or not there yet.',
    },
    { name: 'title', text: 'What it repairs, in one line', standard: '', judge: () => null },
    {
      name: 'before',
      text: `What to read tables from: a folder supabase, migrations, a dump; ${hasSupabase ? `"${example}"` : 'nothing'} for an example`,
      standard: hasSupabase ? 'supabase' : '',
      judge: (answer) =>
        answer === '' || (hasSupabase && answer === example) || existsSync(answer)
          ? null
          : 'Nothing is there. The address of a database is given as an option: --before.',
    },
    {
      name: 'for',
      isOfExample: true,
      text: 'Where the database lives, plain or supabase',
      standard: 'plain',
      judge: (answer) => (['plain', 'supabase'].includes(answer) ? null : 'One of plain, supabase.'),
    },
    {
      name: 'table',
      isOfExample: true,
      text: 'A table that it is about',
      standard: 'public.notes',
      judge: (answer) =>
        /^(public\.)?[a-z_][a-z0-9_]*$/.test(answer)
          ? null
          : 'A table of public, in lower case: public.orders.',
    },
    {
      name: 'owner',
      isOfExample: true,
      text: 'Its column that says whose a row is',
      standard: 'author',
      judge: judgeColumn,
    },
    {
      name: 'text',
      isOfExample: true,
      text: 'A column of it that holds text',
      standard: 'body',
      judge: judgeColumn,
    },
  ];
}

function judgeColumn(answer: string): string | null {
  return /^[a-z_][a-z0-9_]*$/.test(answer) ? null : 'A column, in lower case: user_id.';
}

function isFree(folder: string): boolean {
  if (!existsSync(folder)) return true;
  return statSync(folder).isDirectory() && readdirSync(folder).length === 0;
}

const answersEnded =
  'The answers ended, and nothing was written. Give them as options: schema-fix init --help.';

/** An empty answer is the one in brackets; one that will not do is asked again. */
export async function askForStarter(raw: RawInputs, { input, output, signal }: Terminal): Promise<RawInputs> {
  const values = new Map(raw.values);
  const lines = createInterface({ input, output });
  // At a terminal the key arrives here, and not as a signal of the process.
  lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  const ended = once(lines, 'close').then(() => {
    throw new UserError(answersEnded);
  });
  ended.catch(() => undefined);
  try {
    for (const { name, text, standard, judge, isOfExample = false } of questionsFor(existsSync('supabase'))) {
      if (isOfExample && values.has('before')) continue;
      const shown = standard === '' ? `${text}: ` : `${text} [${standard}]: `;
      let answer = '';
      for (let problem: string | null = ''; problem !== null; ) {
        if (problem !== '') output.write(`${problem}\n`);
        answer = (await Promise.race([lines.question(shown, { signal }), ended])).trim() || standard;
        problem = judge(answer);
      }
      const isNone = name === 'before' && answer === example && !existsSync(example);
      if (answer !== '' && !isNone) values.set(name, answer);
    }
  } catch (error: unknown) {
    signal.throwIfAborted();
    // At a terminal the end of the answers is a key, too.
    const isEnd = error instanceof Error && error.name === 'AbortError';
    throw isEnd ? new UserError(answersEnded, { cause: error }) : error;
  } finally {
    lines.close();
  }
  return { ...raw, values };
}
