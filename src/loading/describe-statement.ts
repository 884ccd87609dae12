/** A statement's first words → what kind of thing it is, and what it is about: enough to judge whether it is the host's. */
import { firstTokens } from '../before/statement-words.js';
import { readTokens, type TokenReader } from './token-reader.js';

export type StatementKind =
  | 'extension'
  | 'role'
  | 'membership'
  | 'owner'
  | 'comment'
  | 'event trigger'
  | 'default privileges'
  | 'database'
  | 'publication'
  | 'setting'
  | 'other';

export interface DescribedStatement {
  readonly kind: StatementKind;
  /** Short, for a list, without values: `create extension pg_graphql`. */
  readonly title: string;
  /** The first word. */
  readonly verb: string;
  /** What it acts on, each name in its parts, a schema as `[name, '']`; none where that was not understood. */
  readonly targets: readonly (readonly string[])[];
  /** The roles that it is about: the new owner, the members, those whose default privileges it sets. */
  readonly roles: readonly string[];
  /** Whether more is named than `targets`, which it cannot do without. */
  readonly isMore: boolean;
}

type Found = Partial<Omit<DescribedStatement, 'title' | 'verb'>>;

export function describeStatement(statement: string): DescribedStatement {
  const reader = readTokens(firstTokens(statement));
  const verb = reader.word() ?? '';
  const { kind = 'other', targets = [], roles = [], isMore = false } = readers[verb]?.(reader) ?? {};
  return { kind, verb, targets, roles, isMore, title: titleOf(statement, verb, targets) };
}

/** What may stand before the kind of an object. */
const modifiers = [
  ...['or', 'replace', 'global', 'local', 'temp', 'temporary', 'unlogged', 'recursive', 'materialized'],
  ...['unique', 'constraint', 'foreign', 'trusted', 'procedural', 'default', 'text', 'search', 'large'],
];

/** What is named `schema.name`, by its last word. */
const objects = [
  ...['aggregate', 'collation', 'configuration', 'conversion', 'dictionary', 'domain', 'function', 'index'],
  ...[
    'language',
    'object',
    'operator',
    'parser',
    'policy',
    'procedure',
    'publication',
    'routine',
    'rule',
    'schema',
  ],
  ...['sequence', 'server', 'statistics', 'table', 'template', 'trigger', 'type', 'view', 'wrapper'],
];

function readObject(reader: TokenReader, verb: 'create' | 'alter' | 'drop'): Found {
  if (reader.take('extension')) return { kind: 'extension', targets: [reader.name()] };
  if (reader.take('event')) {
    reader.take('trigger');
    return { kind: 'event trigger', targets: [reader.name()] };
  }
  if (reader.take('database', 'tablespace')) return { kind: 'database' };
  if (reader.isAt('default') && reader.isAt('privileges', 1)) return readDefaultPrivileges(reader);
  const isRole = reader.isAt('role') || reader.isAt('group') || reader.isAt('user');
  if (isRole && !reader.isAt('mapping', 1)) {
    reader.word();
    return { kind: 'role', roles: reader.name() };
  }
  while (reader.take(...modifiers));
  reader.take('data');
  const object = reader.take(...objects);
  if (object === null) return {};
  reader.take('concurrently', 'class', 'family');
  const found = readNamed(reader, object, verb);
  const owner = verb === 'alter' ? reader.onlyOwner() : null;
  return owner === null ? found : { ...found, kind: 'owner', roles: [owner] };
}

/** Policies, triggers, rules and new indexes are about the table that they are on. */
function readNamed(reader: TokenReader, object: string, verb: string): Found {
  if (object === 'schema') return { targets: [[reader.name()[0] ?? '', '']] };
  if (object === 'publication') return { kind: 'publication', targets: [reader.name()] };
  const isNew = verb === 'create';
  if (['policy', 'trigger', 'rule'].includes(object) || (object === 'index' && isNew)) {
    const isFound = reader.skipTo(object === 'rule' && isNew ? 'to' : 'on');
    return isFound ? { targets: [reader.name()] } : {};
  }
  return { targets: verb === 'drop' ? reader.names() : [reader.name()] };
}

function readDefaultPrivileges(reader: TokenReader): Found {
  reader.skipTo('privileges');
  if (!reader.take('for')) return { kind: 'default privileges' };
  reader.take('role', 'user');
  return { kind: 'default privileges', roles: reader.names().map(([name = '']) => name) };
}

const granted = [
  ...['table', 'sequence', 'function', 'procedure', 'routine', 'type', 'domain', 'language', 'foreign'],
  ...['data', 'wrapper', 'server', 'large', 'object'],
];

/** `grant … on … to …`, or a membership, which has no `on`. */
function readPrivileges(reader: TokenReader): Found {
  if (!reader.skipTo('on')) {
    reader.take('admin', 'inherit', 'set');
    reader.take('option');
    reader.take('for');
    const roles = reader.names();
    reader.take('to', 'from');
    return { kind: 'membership', roles: [...roles, ...reader.names()].map(([name = '']) => name) };
  }
  const isAll = reader.isAt('all') && reader.isAt('in', 2);
  if (isAll) reader.skipTo('schema');
  if (isAll || reader.take('schema')) return { targets: reader.names().map(([name = '']) => [name, '']) };
  if (reader.take('database', 'tablespace')) return { kind: 'database' };
  if (reader.take('parameter')) return { kind: 'setting' };
  while (reader.take(...granted));
  return { targets: reader.names() };
}

/** One call, `select cron.schedule(…)`, is about the function; `setval` about its sequence. */
function readSelect(reader: TokenReader): Found {
  const name = reader.name();
  if (reader.isCallFrom()) return { targets: [name], isMore: true };
  if (!reader.isOneCall()) return {};
  if (name.at(-1) !== 'setval') return { targets: [name] };
  return { targets: [reader.firstString()?.replaceAll('"', '').split('.') ?? []] };
}

function readSetting(reader: TokenReader): Found {
  if (reader.isAt('session') && reader.isAt('authorization', 1)) return { kind: 'owner' };
  reader.take('session', 'local');
  return reader.isAt('role') ? {} : { kind: 'setting' };
}

const readers: Readonly<Record<string, (reader: TokenReader) => Found>> = {
  create: (reader) => readObject(reader, 'create'),
  alter: (reader) => readObject(reader, 'alter'),
  drop: (reader) => readObject(reader, 'drop'),
  grant: readPrivileges,
  revoke: readPrivileges,
  comment: () => ({ kind: 'comment' }),
  security: () => ({ kind: 'comment' }),
  select: readSelect,
  insert: (reader) => (reader.take('into') ? { targets: [reader.name()] } : {}),
  update: (reader) => ({ targets: [reader.name()] }),
  delete: (reader) => (reader.take('from') ? { targets: [reader.name()] } : {}),
  copy: (reader) => ({ targets: [reader.name()] }),
  truncate: (reader) => {
    reader.take('table');
    return { targets: reader.names() };
  },
  set: readSetting,
  reset: readSetting,
};

const longestTitle = 120;

/** Rows of somebody's reach no report: of what may hold values only the first words are told. */
function titleOf(statement: string, verb: string, targets: readonly (readonly string[])[]): string {
  if (['insert', 'update', 'delete', 'copy', 'truncate', 'select'].includes(verb)) {
    return [verb, targets[0]?.join('.') ?? ''].join(' ').trim();
  }
  const line = statement
    .replace(/--[^\n]*/g, ' ')
    .replace(/'(?:[^']|'')*'/g, '…')
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > longestTitle ? `${line.slice(0, longestTitle - 1)}…` : line;
}
