/**
 * A program of its own, large, and started only where it is needed: speaks with what GitHub keeps for a run. Takes one request
 * as JSON, and writes the answer into its folder.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fetchReport, keepReport } from './kept-report.js';
import { answerFile, type RunnerAnswer, type RunnerRequest } from './runner-request.js';
import { sendArtifact } from './send-artifact.js';

const request = JSON.parse(process.argv[2] ?? '') as RunnerRequest;
await writeFile(join(request.folder, answerFile), JSON.stringify(await answer(request)));

async function answer(asked: RunnerRequest): Promise<RunnerAnswer> {
  try {
    return { value: await serve(asked) };
  } catch (error: unknown) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

async function serve(asked: RunnerRequest): Promise<number | boolean> {
  switch (asked.service) {
    case 'send artifact':
      return sendArtifact(asked);
    case 'keep report':
      return keepReport(asked);
    case 'fetch report':
      return fetchReport(asked);
  }
}
