/** GitHub's own description of its API, judging what the double is asked and what it answers. */
import path from 'node:path';
import { Worker } from 'node:worker_threads';

const definition = path.resolve(import.meta.dirname, '../../fixtures/github-openapi.json');

export interface ContractRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export type Parameters = Readonly<Record<string, string>>;

export interface RequestJudgement {
  readonly operation: string;
  readonly parameters: Parameters;
  /** Empty if nothing is wrong. */
  readonly problems: readonly string[];
}

/** null: GitHub has no such operation, or none that the extract knows. */
export function judgeRequest(request: ContractRequest): Promise<RequestJudgement | null> {
  return ask('judgeRequest', request) as Promise<RequestJudgement | null>;
}

/** What is wrong with an answer; one that GitHub does not describe (a 500) is judged right. */
export function judgeAnswer(answer: {
  readonly operation: string;
  readonly status: number;
  readonly body: unknown;
}): Promise<readonly string[]> {
  return ask('judgeAnswer', answer) as Promise<readonly string[]>;
}

/** An answer with every field that GitHub promises, to be filled in. */
export function makeExample(operation: string): Promise<unknown> {
  return ask('makeExample', operation);
}

/** One for each test file; it ends with it. */
let worker: Worker | undefined;
let asked = 0;
const waiting = new Map<number, (answer: unknown) => void>();

function ask(name: string, question: unknown): Promise<unknown> {
  worker ??= startWorker();
  const id = ++asked;
  return new Promise((resolve) => {
    waiting.set(id, resolve);
    worker?.postMessage({ id, name, question });
  });
}

function startWorker(): Worker {
  const started = new Worker(path.join(import.meta.dirname, 'contract-worker.js'), {
    workerData: { definition },
  });
  started.on('message', ({ id, answer }) => {
    waiting.get(id)?.(answer);
    waiting.delete(id);
  });
  started.on('error', (error) => {
    throw error;
  });
  started.unref();
  return started;
}
