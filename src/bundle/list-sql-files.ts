/** A folder of a bundle → its numbered SQL files, in order, with every misnamed one added to `problems`. */
import type { Dirent } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../errors.js';
import type { SqlFile } from '../model.js';
import { assertConfined } from './confine.js';
import { readText } from './read-text.js';
import { readTokens } from './read-tokens.js';
import { withoutComments } from './rewrite-tokens.js';
import { firstWord, lineAt, splitStatements } from './split-statements.js';

export interface NumberedFile {
  readonly number: number;
  /** File name without ending. */
  readonly name: string;
  readonly file: SqlFile;
}

export interface ListOptions {
  /** Files without a number that may stand there too. */
  readonly others?: readonly string[];
  /** Whether the files may say `set role`: only a state builds what somebody else owns. */
  readonly maySetRole?: boolean;
}

/** An absent folder gives no files; whether that is a mistake is for the caller to say. */
export async function listSqlFiles(
  bundle: string,
  folder: string,
  problems: string[],
  options: ListOptions = {},
): Promise<NumberedFile[]> {
  const entries = await entriesIn(path.join(bundle, folder));
  const files: NumberedFile[] = [];
  for (const { name } of entries) {
    if (name.startsWith('.') || options.others?.includes(name) || !/\.sql$/i.test(name)) continue;
    const shown = `${folder}/${name}`;
    const parts = /^(\d{2,3})_(\w+)\.sql$/.exec(name);
    if (!parts) {
      problems.push(
        `${shown}: a file here is named NN_what_it_is.sql, two digits first, or three. Rename it.`,
      );
      continue;
    }
    const number = Number(parts[1]);
    const twin = files.find((other) => other.number === number);
    if (twin) {
      problems.push(
        `${shown}: number ${parts[1]} is taken by ${twin.file.path}. Give it a number of its own.`,
      );
    }
    const file = await readSqlFile(bundle, shown, problems);
    if (file === null) continue;
    refuseTransactionControl(file, problems, options.maySetRole ?? false);
    files.push({ number, name: name.slice(0, -'.sql'.length), file });
  }
  return files.sort((one, other) => one.number - other.number);
}

/** Reads a file of the bundle; `shown` is its path from the bundle's folder. null: it could not be read, which is a problem. */
export async function readSqlFile(
  bundle: string,
  shown: string,
  problems: string[],
): Promise<SqlFile | null> {
  try {
    await assertConfined(path.join(bundle, shown), bundle, shown);
    return { path: shown, text: await readText(path.join(bundle, shown), shown) };
  } catch (error: unknown) {
    if (!(error instanceof UserError)) throw error;
    problems.push(error.message);
    return null;
  }
}

/** null where there is none, too; a link that leads nowhere is there. */
export async function readSqlFileIfThere(
  bundle: string,
  shown: string,
  problems: string[],
): Promise<SqlFile | null> {
  const isThere = await lstat(path.join(bundle, shown)).then(
    () => true,
    () => false,
  );
  return isThere ? readSqlFile(bundle, shown, problems) : null;
}

/** The names of the folders within a folder of the bundle, in order. */
export async function listFolders(bundle: string, folder: string): Promise<string[]> {
  const entries = await entriesIn(path.join(bundle, folder));
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

async function entriesIn(folder: string): Promise<Dirent[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.sort((one, other) => (one.name < other.name ? -1 : 1));
  } catch (error: unknown) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

const transactionControl = new Set([
  'begin',
  'commit',
  'rollback',
  'start',
  'end',
  'abort',
  'savepoint',
  'release',
]);

/** The word that opens or closes a transaction where a statement does, or null. */
function controlIn(statement: string): string | null {
  const word = firstWord(statement);
  if (/^prepare\s+transaction\b/i.test(statement)) return 'prepare transaction';
  return transactionControl.has(word) ? word : null;
}

const fromOrToClient = /\b(?:from\s+stdin|to\s+stdout)\b/i;

/** Why it needs a client that sends or takes rows, or a connection that stays, or null: neither is there, and the server would wait for them. */
function needsAClient(statement: string): string | null {
  switch (firstWord(statement)) {
    case 'copy':
      return fromOrToClient.test(withoutComments(statement))
        ? 'a copy from or to the client: nobody sends or takes its rows here. Write `insert into … values`'
        : null;
    case 'listen':
    case 'unlisten':
      return 'for clients that stay connected: nobody listens here. Take it out';
    default:
      return null;
  }
}

/** From a backslash outside of quotes and comments, where Postgres knows none, to the end of its line. */
function commandsOfPsql(text: string): { readonly command: string; readonly line: number }[] {
  // Most files hold none, and some are large.
  if (!text.includes('\\')) return [];
  const commands: { command: string; line: number }[] = [];
  let end = 0;
  for (const { kind, from } of readTokens(text)) {
    if (kind !== 'other' || text[from] !== '\\' || from < end) continue;
    const [command = ''] = text.slice(from).split('\n', 1);
    end = from + command.length;
    commands.push({ command: command.trim(), line: lineAt(text, from) });
  }
  return commands;
}

/** The engine opens and closes transactions and chooses roles; a file that does so itself would undo its proofs. */
export function refuseTransactionControl(file: SqlFile, problems: string[], maySetRole: boolean): void {
  for (const { command, line } of commandsOfPsql(file.text)) {
    problems.push(`${file.path}:${line}: "${command}" is a command of psql. Write plain SQL.`);
  }
  for (const { text, line } of splitStatements(file.text)) {
    const control = controlIn(text);
    if (control !== null) {
      problems.push(
        `${file.path}:${line}: "${control}" is not for a bundle's files. Take it out: the engine opens and closes transactions.`,
      );
    }
    const why = needsAClient(text);
    if (why !== null) problems.push(`${file.path}:${line}: this is ${why}.`);
    if (!maySetRole && /^(re)?set\s+(local\s+|session\s+)?(role|session\s+authorization)\b/i.test(text)) {
      problems.push(
        `${file.path}:${line}: only a state may change its role. Take it out: the engine decides who runs this file.`,
      );
    }
  }
}
