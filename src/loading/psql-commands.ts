/** A backslash command of psql in a file → passed over where a dump has it, or a problem that says what to do instead. */
import type { ScriptItem } from '../before/read-statements.js';
import type { SqlProblem } from '../model.js';
import type { Ledger } from './ledger.js';
import { countLoaded } from './load-context.js';

type Command = Extract<ScriptItem, { kind: 'command' }>;

/** They show something, change what psql prints, or guard it; nothing of the database. */
const harmless =
  /^\\(d\w*[S+]*|l[x+]*|z[S+]*|s[fv]\+?|conninfo|h|help|copyright|errverbose|restrict|unrestrict|echo|qecho|warn|timing|pset|x|a|t|encoding\s+'?utf-?8'?|set\s+(ON_ERROR_STOP|ON_ERROR_ROLLBACK|ECHO|QUIET|VERBOSITY|SINGLELINE|FETCH_COUNT|AUTOCOMMIT\s+on)|unset\s+\w+|o)(\s|$)/i;

const advice: readonly { readonly command: RegExp; readonly text: string }[] = [
  {
    command: /^\\(i|ir|include|include_relative)\b/,
    text: 'Name the files that it includes in before, in their order.',
  },
  {
    command: /^\\(set|getenv|prompt)\b/,
    text: 'Variables are psql’s own. Write the value where it is used.',
  },
  {
    command: /^\\(gexec|gset|g|gx|gdesc|crosstabview|watch|bind)\b/,
    text: 'End the statement with a semicolon. What \\gexec would run, write as a do block with execute.',
  },
  {
    command: /^\\(if|elif|else|endif)\b/,
    text: 'Write the branch that is to be loaded, or a do block with if.',
  },
  { command: /^\\copy\b/, text: 'Write copy … from stdin with the rows below it, or insert statements.' },
  { command: /^\\(!|cd)/, text: 'Run it before the rehearsal, and give before what it makes.' },
];

/** What pg_dumpall, or who installs a database, says before what is in it: of the session, of databases and of the roles of the whole server. */
const looksAround =
  /^(?:set|reset|show|select\s+pg_catalog\.set_config|select\b(?=.*\bpg_stat_activity\b)|update\s+pg_catalog\.pg_database\b|(?:create|alter|drop|comment\s+on)\s+(?:database|role|user(?!\s+mapping)|group|tablespace)|(?:grant|revoke)\s(?:(?!.*\son\s)|(?=.*\son\s+(?:database|tablespace|parameter)\s)))/is;

/** What databases that hold nothing say of themselves: their hosts own public, give privileges on what is Postgres' own, and add extensions. */
const saysOfItself =
  /^(?:create\s+extension\b|comment\s+on\s+(?:extension|schema\s+"?public\b)|alter\s+(?:schema\s+"?public"?\s+owner|default\s+privileges)\b|(?:grant|revoke)\b.*\son\s+(?:schema\s+"?public"?\s|\w+\s+pg_catalog\.))/is;

/** Whether it is put off until its database is seen to hold anything. */
export function waits(ledger: Ledger, item: ScriptItem | undefined): boolean {
  const isKnown = ledger.elsewhere === null && ledger.isDatabaseUsed;
  if (!ledger.isConnected || isKnown || item?.kind !== 'statement' || !saysOfItself.test(item.text))
    return false;
  ledger.waiting.push(item);
  return true;
}

/** What is to be run now that the statement makes something, or, without one, that the file has come to its end. */
export function takeWaiting(ledger: Ledger, next: ScriptItem | undefined): readonly ScriptItem[] {
  if (ledger.waiting.length === 0 || ledger.elsewhere !== null) return [];
  if (next !== undefined && (next.kind === 'command' || looksAround.test(next.text))) return [];
  ledger.isDatabaseUsed = true;
  return ledger.waiting.splice(0);
}

/** Of a database that holds nothing else. */
export function passOverWaiting(ledger: Ledger): void {
  for (const _ of ledger.waiting.splice(0)) countLoaded(ledger);
}

/** Before a statement is run: a problem where it is one of another database than those before it, or psql would not come to it. */
export function noteUse(ledger: Ledger, statement: string): SqlProblem | null {
  const { ended } = ledger;
  if (ended !== null)
    return {
      ...problemOf(ended.path, ended, 'Take it out, or what follows it.'),
      message: `"${ended.text}" ends psql, and statements follow it`,
    };
  if (looksAround.test(statement)) return null;
  const { elsewhere, database } = ledger;
  if (elsewhere === null) {
    ledger.isDatabaseUsed = true;
    return null;
  }
  const { path, text, line, name } = elsewhere;
  return {
    ...problemOf(
      path,
      { text, line },
      `Dump the one that the fix is for with pg_dump, or keep only its part of the file. If all of it is for one database, take the \\connect out.`,
    ),
    message: `the file holds two databases, ${database ?? 'the one that it begins with'} and ${name}`,
  };
}

/** What stands behind a command's arguments: another command, or, behind two backslashes, a statement. Some take the whole line. */
const goesOn =
  /^\\(?!(?:copy|h|help|[es][fv])\b)[a-z_]+(?:\s(?:[^'"`\\]|'(?:[^'\\]|\\.)*'|"[^"]*"|`[^`]*`)*)?(\\.*)$/i;

/** Null: it was passed over. */
export function judgeCommand(path: string, command: Command, ledger: Ledger): SqlProblem | null {
  const { text, line, isInStatement } = command;
  const another = goesOn.exec(text)?.[1];
  if (another !== undefined)
    return {
      ...problemOf(path, { text, line }, 'Write it in a line of its own.'),
      message: `"${another}" follows a command of psql in one line`,
    };
  if (!isInStatement && harmless.test(text)) return null;
  if (!isInStatement && /^\\q(?:uit)?\b/.test(text)) {
    ledger.ended ??= { path, text, line };
    return null;
  }
  const database = /^\\c(?:onnect)?(?:\s+(.*))?$/.exec(text);
  if (!isInStatement && database !== null) {
    const name = databaseOf(database[1] ?? '');
    if (name === null) return null;
    passOverWaiting(ledger);
    ledger.isConnected = true;
    // pg_dumpall begins there, and finds nothing.
    if (name === 'template1') return null;
    if (!ledger.isDatabaseUsed) ledger.database = name;
    ledger.elsewhere = name === ledger.database ? null : { path, text, line, name };
    return null;
  }
  const known = advice.find((candidate) => candidate.command.test(text));
  return problemOf(path, { text, line }, known?.text ?? 'Only psql knows it. Write plain SQL.');
}

/** `\connect name`, `\connect -reuse-previous=on "dbname='name'"`; null where it stays: `\connect`, `\connect - role`. */
function databaseOf(words: string): string | null {
  const [, quoted, bare] = /dbname=(?:'((?:[^'\\]|\\.)*)'|([^\s"']+))/.exec(words) ?? [];
  const given = quoted ?? bare;
  if (given !== undefined) return given;
  const name = words
    .trim()
    .split(/\s+/)
    .find((word) => !/^-./.test(word))
    ?.replaceAll('"', '');
  return name === undefined || name === '' || name === '-' ? null : name;
}

function problemOf(path: string, { text, line }: Pick<Command, 'text' | 'line'>, what: string): SqlProblem {
  return {
    path,
    line,
    column: null,
    snippet: text,
    sqlstate: '42601',
    message: `"${text.split(/\s/)[0]}" is a command of psql, which only psql runs`,
    detail: null,
    hint: null,
    advice: what,
  };
}
