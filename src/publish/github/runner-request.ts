/** What the program for the runner's services is asked, and what it answers. */

export type RunnerRequest =
  | (Asked & {
      readonly service: 'send artifact';
      readonly name: string;
      /** With the whole path. */
      readonly files: readonly string[];
      readonly retentionDays: number;
    })
  | (Asked & {
      readonly service: 'keep report' | 'fetch report';
      readonly file: string;
      readonly key: string;
    });

interface Asked {
  /** The program is started in it; what is kept is found again wherever the folder is by then. */
  readonly folder: string;
  /** The file for the answer. */
  readonly answer: string;
}

export type RunnerAnswer = { readonly value: number | boolean } | { readonly problem: string };
