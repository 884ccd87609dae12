/** Starts the program for the runner's services, and gives its answer and what the libraries in it said. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { getRunnerServices } from '../../action-root.js';
import { makeVisible, shorten } from '../../report/escape.js';
import { answerFile, type RunnerAnswer, type RunnerRequest } from './runner-request.js';

export interface RunnerOptions {
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  /** Long enough for what a report is, short enough not to keep a runner waiting. */
  readonly seconds: number;
}

export interface Answered {
  readonly value: number | boolean;
  /** The last sentence about what could not be done; null: none. */
  readonly problem: string | null;
}

/** Throws an Error with what GitHub, or its library, said. */
export async function askRunner(
  request: RunnerRequest,
  { environment, signal, seconds }: RunnerOptions,
): Promise<Answered> {
  const { folder } = request;
  const late = AbortSignal.timeout(seconds * 1000);
  const child = spawn(process.execPath, [getRunnerServices(), JSON.stringify(request)], {
    cwd: folder,
    // The cache's library counts paths from it.
    env: { ...environment, GITHUB_WORKSPACE: folder },
    signal: AbortSignal.any([signal, late]),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => said.push(chunk));
  try {
    await once(child, 'close');
    const lines = Buffer.concat(said).toString().split(/\r?\n/);
    passMasksOn(lines);
    const given = JSON.parse(await readFile(join(folder, answerFile), 'utf8')) as RunnerAnswer;
    if ('problem' in given) throw new Error(given.problem);
    return { value: given.value, problem: findProblem(lines) };
  } catch (error: unknown) {
    if (late.aborted) throw new Error(`GitHub did not answer within ${seconds} seconds`, { cause: error });
    throw error;
  }
}

/** What was thrown or said, for the end of a sentence, which lacks its period. */
export function sayProblem(problem: unknown): string {
  const text = problem instanceof Error ? problem.message : String(problem);
  return shorten(makeVisible(text), 300).replace(/[.\s]+$/, '');
}

/** Addresses with a signature: the runner is to hide them whoever prints them. */
function passMasksOn(lines: readonly string[]): void {
  for (const line of lines) if (line.startsWith('::add-mask::')) process.stdout.write(`${line}\n`);
}

/** The cache's library throws little: it warns, or only says so. */
function findProblem(lines: readonly string[]): string | null {
  const said = lines.findLast((line) => /^(::(warning|error)\b|Failed to |Cache \w+ skipped)/.test(line));
  return said?.replace(/^::.*?::/, '') ?? null;
}
