/** The words of a command line → inputs as text, or what is to be printed instead (help, version). */
import { resolve } from 'node:path';
import { CommanderError, Option, Command as Program } from 'commander';
import { UserError } from '../errors.js';
import type { InputDefinition } from './action-definition.js';
import type { RawInputs } from './input-reader.js';
import { inputsOfCommand } from './parse-settings.js';
import type { Command } from './settings.js';

export interface CommandArguments {
  readonly kind: 'run';
  readonly raw: RawInputs;
  readonly verbose: boolean;
}

export type Arguments = CommandArguments | { readonly kind: 'print'; readonly text: string };

const summaries: Readonly<Record<Command, string>> = {
  rehearse: 'prove the fix on a throwaway Postgres (the default where there are options)',
  plan: 'try the fix on a database, with every proof, and roll it back: what would be, before anybody says yes',
  deploy: 'apply the fix to a database: kept only if every proof passes',
  monitor: "say from Postgres' logs what the hours before and after a deployment look like",
  verify:
    'look at a database that the fix was deployed to, reading only: checks, drift, what reads past the policies',
  rollback: 'return a database to what it was before its last deployment, and keep every row written since',
  history: 'list the deployments and rollbacks of a database, or remove what is recorded of them',
  merge: 'join the JSON reports of a matrix into one verdict and one report',
  sql: 'print the whole fix as one script for psql or an SQL editor',
  lint: 'say everything about a bundle that can be said without a server',
  init: 'write a bundle of your own that passes, to begin with',
  restore: 'restore the backup of a deployment into an empty database',
};

/** On the command line some inputs have a shorter name, and some take several words. */
const flags: Readonly<Record<string, string>> = {
  'postgres-version': '--postgres <major>',
  states: '--state <name...>',
  sections: '--sections <numbers...>',
  settings: '--set <name=value...>',
  before: '--before <paths...>',
  rows: '--rows <none|all|number>',
  table: '--table <names...>',
  strict: '--strict',
  'trust-bundle': '--trust-bundle',
  rollback: '--rollback <true|false>',
  create: '--create',
  'dry-run': '--dry-run',
  plan: '--plan <file>',
  backup: '--backup <dump|copy|confirmed|none>',
  'backup-out': '--backup-out <file>',
  'backup-note': '--backup-note <sentence>',
  'upload-backup': '--upload-backup <true|false>',
  'plan-out': '--plan-out <file>',
  evidence: '--evidence <file>',
  remains: '--remains',
  editor: '--editor',
  logs: '--logs <paths...>',
  reports: '--reports <globs...>',
  'keep-new-rows': '--keep-new-rows',
  'keys-not-valid': '--keys-not-valid',
  'to-sql': '--to-sql <file>',
  forget: '--forget <number>',
};

/** What only the command line can be asked for: the action has no input of that name. */
const ownOptions: Partial<Readonly<Record<Command, ReadonlyMap<string, string>>>> = {
  sql: new Map([
    ['remains', 'Only what is in the database afterwards, to be read.'],
    ['editor', "For an SQL editor such as Supabase's, without the line that psql needs."],
  ]),
  init: new Map([
    ['folder', 'Where the bundle is written: a folder that is empty, or not there yet. (default: fix)'],
    ['title', 'What the fix is called.'],
    [
      'table',
      'The tables that it is about: one of public (default: public.notes), or some of those of before (default: all).',
    ],
    ['owner', 'The column that says whose a row is. (default: author; of before, what leads to an account)'],
    ['text', 'A column of the example that holds text. (default: body)'],
    ['for', 'The host, plain (any Postgres) or supabase. (default: plain; of before, what it looks like)'],
  ]),
};

/** What some commands are told without an option. */
const ownArguments: Partial<
  Readonly<Record<Command, { readonly name: string; readonly description: string }>>
> = {
  restore: { name: 'file', description: 'The backup, as deploy wrote it.' },
};

/** What an input is called on the command line: `--state <name...>`. */
export function flagOf(input: string): string {
  return flags[input] ?? `--${input} <value>`;
}

/** Throws a UserError for an option or a command that is unknown. What a command's options mean is read for that command alone. */
export function readArguments(
  given: readonly string[],
  use: { readonly readDefinitions: () => ReadonlyMap<string, InputDefinition>; readonly version: string },
): Arguments {
  let printed = '';
  let result: Arguments | null = null;
  let definitions: ReadonlyMap<string, InputDefinition> = new Map();
  const program = new Program('schema-fix')
    .description("Proves a Postgres schema fix before it touches anybody's data.")
    .version(use.version)
    .exitOverride()
    .configureOutput({ writeOut: (text) => (printed += text), writeErr: () => undefined });

  for (const command of Object.keys(inputsOfCommand) as Command[]) {
    const subcommand = program
      .command(command, { isDefault: command === 'rehearse' })
      .description(summaries[command])
      .allowExcessArguments(false)
      .option('--verbose', 'tell every stage and every notice')
      .action((...told: unknown[]) => {
        const own = ownArguments[command];
        // The words of the command come first, then its options.
        const options = told[own === undefined ? 0 : 1] as Record<string, unknown>;
        const values = new Map([
          ['command', command as string],
          ...(own === undefined ? [] : [[own.name, String(told[0])] as const]),
          ...valuesOf([...inputsOfCommand[command], ...(ownOptions[command]?.keys() ?? [])], options),
        ]);
        result = { kind: 'run', raw: { definitions, values }, verbose: options.verbose === true };
      });
    const own = ownArguments[command];
    if (own !== undefined) subcommand.argument(`<${own.name}>`, own.description);
  }
  program.hook('preSubcommand', (_, subcommand) => {
    definitions = use.readDefinitions();
    addOptions(subcommand, subcommand.name() as Command, definitions);
  });

  const words = given[0] === 'help' && given.length > 1 ? [...given.slice(1), '--help'] : given;
  if (words.length === 0) return { kind: 'print', text: program.helpInformation() };
  refuseUnknownCommand(words);
  try {
    program.parse(words, { from: 'user' });
  } catch (error: unknown) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { kind: 'print', text: printed };
    const sentence = error.message
      .replace(/^error: /, '')
      .replace(/\.?\n|\.$/g, '. ')
      .replace(/\((Did you mean .*\?)\)/, '$1')
      .trim()
      .replace(/(?<![.?])$/, '.');
    const [first = ''] = words;
    const command = Object.keys(inputsOfCommand).includes(first) ? first : 'rehearse';
    throw new UserError(`${sentence} See schema-fix ${command} --help.`, { cause: error });
  }
  return result ?? { kind: 'print', text: program.helpInformation() };
}

/** Because there is a default command, commander would take an unknown one for its argument. */
function refuseUnknownCommand(words: readonly string[]): void {
  const first = words[0];
  const commands = Object.keys(inputsOfCommand);
  if (first === undefined || first.startsWith('-') || [...commands, 'help'].includes(first)) return;
  throw new UserError(
    `unknown command "${first}". ${meant(first, commands)}The commands are ${commands.join(', ')}. See schema-fix --help.`,
  );
}

/** As the library would say it, if there were no default command: `Did you mean rehearse? `; of several nobody can say which. */
function meant(word: string, commands: readonly string[]): string {
  const program = new Program().exitOverride().configureOutput({ writeErr: () => undefined });
  for (const command of commands) program.command(command).action(() => undefined);
  try {
    program.parse([word], { from: 'user' });
  } catch (error: unknown) {
    if (!(error instanceof CommanderError)) throw error;
    const said = /Did you mean (?!one of )[^?]*\?/.exec(error.message)?.[0];
    return said === undefined ? '' : `${said} `;
  }
  return '';
}

function addOptions(
  subcommand: Program,
  command: Command,
  definitions: ReadonlyMap<string, InputDefinition>,
): void {
  for (const input of inputsOfCommand[command]) subcommand.addOption(optionOf(input, definitions));
  for (const [name, description] of ownOptions[command] ?? [])
    subcommand.addOption(new Option(flagOf(name), description));
  refuseTheOtherAddress(subcommand, command);
}

function optionOf(input: string, definitions: ReadonlyMap<string, InputDefinition>): Option {
  const definition = definitions.get(input);
  const shown = definition?.default ? ` (default: ${definition.default})` : '';
  return new Option(flagOf(input), `${definition?.description ?? ''}${shown}`);
}

/** Known only so that the answer names the right one. */
function refuseTheOtherAddress(subcommand: Program, command: Command): void {
  for (const address of ['database-url', 'postgres-url']) {
    if (inputsOfCommand[command].includes(address)) continue;
    subcommand.addOption(new Option(`--${address} <value>`).hideHelp());
  }
}

/** Inputs that name what is read: a workflow may not lead out of its folder unless it says so by an absolute path. */
const ownPaths: ReadonlySet<string> = new Set(['bundle', 'before']);

/** Whoever types `../` at a terminal says so, too. */
function asTyped(path: string): string {
  return path === '..' || /^\.\.[\\/]/.test(path) ? resolve(path) : path;
}

function valuesOf(inputs: readonly string[], options: Record<string, unknown>): [string, string][] {
  return [...new Set([...inputs, 'database-url', 'postgres-url'])].flatMap((input): [string, string][] => {
    const value = options[new Option(flagOf(input)).attributeName()];
    if (value === undefined) return [];
    const given = Array.isArray(value) ? value.map(String) : [String(value)];
    return [[input, (ownPaths.has(input) ? given.map(asTyped) : given).join('\n')]];
  });
}
