/** Runs the built action as the runner would: by its environment and its files, in a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { GitHubDouble } from '../github/start-github-double.js';
import { withFolder } from '../notes-bundle.js';
import { pullRequest, type RunnerEvent } from './events.js';
import { type Log, readLog } from './read-log.js';

const repository = path.resolve(import.meta.dirname, '../../..');

export interface StepOptions {
  readonly node: string;
  readonly github: Pick<GitHubDouble, 'url'>;
  /** By their names in `action.yml`. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** By default the pull request of `events.ts`. */
  readonly event?: RunnerEvent;
  readonly runNumber?: number;
  /** The folder of the action; by default this repository. */
  readonly action?: string;
  /** The checked-out repository. */
  readonly workspace?: string;
  /** Set last; undefined takes a variable away. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** What the summary holds before the step. */
  readonly summary?: string;
}

export interface Step {
  readonly exitCode: number | null;
  readonly log: Log;
  /** Everything that was written to the log, before the runner hid anything, but for the secrets told to it. */
  readonly output: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  /** The report, or null where none was written. */
  readonly json: string | null;
  /** What it has noted for its last step. */
  readonly state: Readonly<Record<string, string>>;
}

/** `meanwhile` is called with the running process. */
export async function runAction(
  options: StepOptions,
  meanwhile: (child: ChildProcess) => Promise<void> = async () => {},
): Promise<Step> {
  return runStep('index.js', options, meanwhile);
}

/** The action's last step, with what the one before it has noted. */
export function runPost(
  options: Pick<StepOptions, 'node' | 'github' | 'inputs'>,
  state: Step['state'],
): Promise<Step> {
  const environment = Object.fromEntries(
    Object.entries(state).map(([name, value]) => [`STATE_${name}`, value]),
  );
  return runStep(path.join('post', 'index.js'), { ...options, environment }, async () => {});
}

async function runStep(
  script: string,
  options: StepOptions,
  meanwhile: (child: ChildProcess) => Promise<void>,
): Promise<Step> {
  return withFolder(async (folder) => {
    const files = await writeRunnerFiles(folder, options);
    const child = spawn(options.node, [path.join(options.action ?? repository, 'dist', script)], {
      cwd: options.workspace ?? folder,
      env: makeEnvironment(files, options),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => output.push(chunk));
    const closed = once(child, 'close');
    await Promise.all([meanwhile(child), closed]);
    const text = Buffer.concat(output).toString();
    const outputs = readOutputs(await readFile(files.output, 'utf8'));
    const report = outputs['report-json'];
    return {
      exitCode: child.exitCode,
      log: readLog(text),
      output: text.replace(/^::add-mask::.*\n/gm, ''),
      outputs,
      summary: await readFile(files.summary, 'utf8'),
      json: report === undefined ? null : await readFile(report, 'utf8'),
      state: readOutputs(await readFile(files.state, 'utf8')),
    };
  });
}

interface RunnerFiles {
  readonly folder: string;
  readonly event: string;
  readonly output: string;
  readonly state: string;
  readonly summary: string;
}

async function writeRunnerFiles(
  folder: string,
  { event = pullRequest, summary = '' }: StepOptions,
): Promise<RunnerFiles> {
  const files = {
    folder: path.join(folder, 'temp'),
    event: path.join(folder, 'event.json'),
    output: path.join(folder, 'output'),
    state: path.join(folder, 'state'),
    summary: path.join(folder, 'summary.md'),
  };
  await mkdir(files.folder);
  await writeFile(
    files.event,
    typeof event.payload === 'string' ? event.payload : JSON.stringify(event.payload),
  );
  for (const file of [files.output, files.state]) await writeFile(file, '');
  await writeFile(files.summary, summary);
  return files;
}

/** Nothing is inherited but what the runner has: the path and the home, where the cache of Postgres binaries is. */
function makeEnvironment(
  files: RunnerFiles,
  { github, inputs = {}, event = pullRequest, runNumber = 7, workspace, environment = {} }: StepOptions,
): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR } = process.env;
  return {
    ...{ PATH, HOME, TMPDIR },
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_API_URL: github.url,
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_REPOSITORY: 'acme/app',
    GITHUB_EVENT_NAME: event.name,
    GITHUB_EVENT_PATH: files.event,
    GITHUB_OUTPUT: files.output,
    GITHUB_STATE: files.state,
    GITHUB_STEP_SUMMARY: files.summary,
    GITHUB_SHA: 'c'.repeat(40),
    GITHUB_RUN_ID: String(1000 + runNumber),
    GITHUB_RUN_NUMBER: String(runNumber),
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_WORKFLOW_REF: 'acme/app/.github/workflows/schema-fix.yml@refs/pull/12/merge',
    GITHUB_WORKSPACE: workspace ?? files.folder,
    RUNNER_TEMP: files.folder,
    ...Object.fromEntries(
      Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
    ),
    ...environment,
  };
}

/** `name<<delimiter`, lines, `delimiter`. */
function readOutputs(text: string): Record<string, string> {
  const outputs: Record<string, string> = {};
  for (const [, name = '', , value = ''] of text.matchAll(/^(.+?)<<(.+)\n([\s\S]*?)\n\2$/gm)) {
    outputs[name] = value;
  }
  return outputs;
}
