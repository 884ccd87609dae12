/** The files of `before` → a database in which they were run, as their own tools would have, and the list of what could not be. */
import { isOfSupabase } from '../copying/with-copy.js';
import type { Login } from '../database/throwaway-logins.js';
import { withDeployer } from '../database/with-deployer.js';
import type { Connection, Session } from '../database/with-session.js';
import { describeProblem } from '../errors.js';
import type { BeforeFile, LoadingResult, SqlProblem, StandIn } from '../model.js';
import {
  adviseOnExtensions,
  adviseOnKnownExtension,
  nothingMakesIt,
  somethingMadeIt,
} from './advise-on-loading.js';
import { findMadeElsewhere, findMaker, findMakerLeftAlone, findOtherMaker } from './find-maker.js';
import { hostSchemasOf } from './host.js';
import { closeLedger, type Missing, openLedger } from './ledger.js';
import { loadFile } from './load-file.js';
import { withHost } from './with-host.js';

export interface LoadOptions {
  /** Whose role owns the database. */
  readonly login: Login;
  /** Whether nothing may be left out. */
  readonly isStrict: boolean;
  /** The SQL of the fix, by which it is told whether it can meet what was left out. */
  readonly fix: readonly string[];
  /** What the platform has for extensions that the server has not. */
  readonly standIns: readonly StandIn[];
  /** Files in the folders that were given, that are not loaded. */
  readonly leftAlone?: readonly string[] | undefined;
  readonly signal: AbortSignal;
}

export interface Loaded {
  readonly loading: LoadingResult;
  /** The statement that ended it. */
  readonly problem: SqlProblem | null;
}

/**
 * `connection` is a superuser's, to a database in which nothing of anybody's is yet: the files are loaded in a session of the
 * deployer's, who never was and never can become one.
 */
export function loadFiles(
  connection: Connection,
  files: readonly BeforeFile[],
  options: LoadOptions,
): Promise<Loaded> {
  const { login, standIns } = options;
  return withHost(connection, { deployer: login.role, standIns }, () =>
    withDeployer(connection, login, (session) => loadAll(session, files, options)),
  );
}

async function loadAll(
  session: Session,
  files: readonly BeforeFile[],
  { isStrict, login, leftAlone = [], ...options }: LoadOptions,
): Promise<Loaded> {
  const ledger = openLedger();
  const isSupabase = await isOfSupabase(session);
  const hostSchemas = hostSchemasOf({ isSupabase });
  for (const [index, file] of files.entries()) {
    const problem = await loadFile(session, file, {
      ...options,
      deployer: login.role,
      ledger,
      isSupabase,
      hostSchemas,
    });
    if (problem !== null) {
      // The one that ended it.
      ledger.statements += 1;
      return {
        loading: closeLedger(ledger, 'fail'),
        problem: await withMaker(problem, {
          files,
          index,
          leftAlone,
          missing: ledger.missing,
          isSupabase,
        }),
      };
    }
  }
  if (ledger.loaded === 0) return { loading: closeLedger(ledger, 'fail'), problem: nothingLoaded(files) };
  const isIncomplete = isStrict && ledger.leftOut.length > 0;
  return { loading: closeLedger(ledger, isIncomplete ? 'fail' : 'pass'), problem: null };
}

/** `index` is that of the file that failed. */
async function withMaker(
  problem: SqlProblem,
  {
    files,
    index,
    leftAlone,
    missing,
    isSupabase,
  }: {
    readonly files: readonly BeforeFile[];
    readonly index: number;
    readonly leftAlone: readonly string[];
    readonly missing: readonly Missing[];
    readonly isSupabase: boolean;
  },
): Promise<SqlProblem> {
  const { advice } = problem;
  if (advice === nothingMakesIt) {
    const maker =
      (await findMadeElsewhere(problem, files.slice(0, index + 1))) ??
      (await findMaker(problem, files, index)) ??
      (await findMakerLeftAlone(problem, leftAlone));
    return {
      ...problem,
      advice:
        maker ??
        adviseOnKnownExtension(problem, { isSupabase }) ??
        adviseOnExtensions(problem, missing) ??
        advice,
    };
  }
  if (advice === somethingMadeIt)
    return { ...problem, advice: (await findOtherMaker(problem, files.slice(0, index + 1))) ?? advice };
  return problem;
}

/** On an empty database everything would pass. */
function nothingLoaded([first]: readonly BeforeFile[]): SqlProblem {
  return describeProblem({
    path: first?.path ?? 'before',
    // no_data
    sqlstate: '02000',
    message: 'No statement of before was loaded, so there is nothing to rehearse on.',
    advice: 'Name the files that build the schema, and look that they are not empty.',
  });
}
