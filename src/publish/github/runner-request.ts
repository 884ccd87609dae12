/** What the program for the runner's services is asked, and what it answers. */

export type RunnerRequest = {
  /** The program is started in it, and leaves its answer there. What is kept is found again wherever the folder is by then. */
  readonly folder: string;
} & (
  | (Artifact & { readonly service: 'send artifact' })
  | {
      readonly service: 'keep report' | 'fetch report';
      readonly file: string;
      readonly key: string;
    }
);

export interface Artifact {
  readonly name: string;
  /** With the whole path. */
  readonly files: readonly string[];
  /** What their names in the artifact count from. */
  readonly root: string;
  /** Whether packing them again would gain nothing. */
  readonly isPacked?: boolean;
  readonly retentionDays: number;
}

export type RunnerAnswer = { readonly value: number | boolean } | { readonly problem: string };

/** The answer's name in the folder. */
export const answerFile = 'answer.json';
