/** What GitHub writes into the event file, as far as it is looked at. */
import { z } from 'zod';

export const pullRequestEvent = z.object({
  pull_request: z.object({
    number: z.number().int().positive(),
    head: z.object({ sha: z.string(), repo: z.object({ full_name: z.string() }).nullable() }),
    base: z.object({ sha: z.string().optional(), repo: z.object({ full_name: z.string() }) }),
  }),
});

export const mergeGroupEvent = z.object({
  merge_group: z.object({ base_sha: z.string() }).optional(),
});

export const issueCommentEvent = z.object({
  issue: z.object({ number: z.number().int().positive(), pull_request: z.unknown().optional() }),
});

export const workflowRunEvent = z.object({
  workflow_run: z.object({
    event: z.string(),
    id: z.number().int(),
    run_number: z.number().int(),
    run_attempt: z.number().int(),
    path: z.string(),
    html_url: z.string(),
    head_sha: z.string(),
    head_branch: z.string().nullable(),
    /** null: the fork is gone. */
    head_repository: z.object({ id: z.number().int(), owner: z.object({ login: z.string() }) }).nullable(),
  }),
  repository: z.object({ id: z.number().int() }),
});
