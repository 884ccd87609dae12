/** What a Postgres program said before it failed, turned into a reason that a person can act on. */

const REMEDIES: readonly { readonly pattern: RegExp; readonly advice: string }[] = [
  {
    pattern: /could not create (shared memory segment|semaphores)/i,
    advice:
      "The system's limit of shared memory or semaphores is reached, often by servers that were killed. See ipcs and ipcrm.",
  },
  {
    pattern: /error while loading shared libraries|Library not loaded|cannot open shared object file/i,
    advice: 'A library that these binaries need is missing. Install it, or choose another postgres-source.',
  },
  {
    pattern: /No space left on device|Check free disk space|ENOSPC|Disk quota exceeded/i,
    advice:
      'The disk is full. Free some space (about 100 MB for an empty server), or point SCHEMA_FIX_TMPDIR to where there is some.',
  },
  {
    pattern: /Address already in use|port is already allocated|Is another postmaster already running/i,
    advice: 'The port was taken by another program in that moment. Run it again.',
  },
  {
    pattern: /Permission denied|EACCES|EPERM|Operation not permitted/i,
    advice:
      'The account that runs the server may not do that. Check who owns the folder and how it is mounted.',
  },
];

/** Before the settings that leave it out are read. */
const TIMESTAMP = /^\d{4}-\d\d-\d\d \S+ \S+ \[\d+\] /;

/** What is said in any case, and the clean-up that follows a failure. */
const NOISE =
  /^(LOG: +(starting|listening|database system|shutting down|received)|initdb: (removing|data directory))/;

/** The last lines are kept: a failing program says most at its end. */
const LINES_KEPT = 6;

export function describeServerFailure(program: string, output: string): string {
  const lines = output
    .split('\n')
    .map((line) => line.replace(TIMESTAMP, '').trim())
    .filter((line) => line !== '' && !NOISE.test(line));
  return addAdvice(`${program} failed: ${lines.slice(-LINES_KEPT).join('; ') || 'it said nothing'}`);
}

/** Where a failure is of a kind that people know how to end. */
export function addAdvice(failure: string): string {
  const remedy = REMEDIES.find(({ pattern }) => pattern.test(failure));
  return remedy === undefined ? failure : `${failure}. ${remedy.advice}`;
}
