/** A statement that a hosting lets its customers run, though they are no superuser → what the host is asked for; null: another. */
import { firstTokens, type Token } from '../before/statement-words.js';
import { quoteIdentifier, quoteLiteral } from '../database/quote.js';
import { readTokens, type TokenReader } from './token-reader.js';
import { hostCall } from './with-host.js';

/** Where it says more than is understood here it is the deployer's to run. */
export function readHostCall(statement: string): string | null {
  if (!mayBe.test(statement)) return null;
  const tokens = firstTokens(statement);
  const reader = readTokens(tokens);
  switch (reader.word()) {
    case 'create':
      if (reader.take('event') !== null) return readEventTrigger(reader);
      return reader.take('publication') ? readPublication(reader) : readCreation(reader);
    case 'alter':
      if (reader.take('publication') !== null) return readPublished(reader);
      if (reader.take('event') !== null) return readEventTriggerSet(reader);
      return reader.take('extension') ? readAlteration(reader) : readTriggers(reader);
    case 'drop':
      return readDrop(reader);
    case 'set':
      return readReplicationRole(tokens);
    default:
      return null;
  }
}

const mayBe =
  /^(?:create|alter|drop)\s+(?:extension|event\s+trigger)\b|^(?:create|alter)\s+publication\b|^set\b.*\bsession_replication_role\b|^alter\s+table\b.*\btrigger\s+all$/is;

/** The names are matched by position: what a text in quotes holds is never more than a text. */
function readCreation(reader: TokenReader): string | null {
  if (reader.take('extension') === null) return null;
  const mayBeThere = reader.isAt('if');
  const [extension, ...more] = reader.name();
  if (extension === undefined || more.length > 0) return null;
  reader.take('with');
  let schema: string | null = null;
  let version: string | null = null;
  let isCascade = false;
  for (let option = reader.word(); option !== null; option = reader.word()) {
    if (option === 'cascade') isCascade = true;
    else if (option === 'schema') schema = reader.name()[0] ?? null;
    else if (option === 'version') version = reader.string() ?? reader.name()[0] ?? null;
    else return null;
  }
  if (!reader.isAtEnd()) return null;
  const where = schema ?? { sql: 'pg_catalog.current_schema()::pg_catalog.text' };
  return hostCall('make_extension', extension, where, schema !== null, version, isCascade, mayBeThere);
}

function readAlteration(reader: TokenReader): string | null {
  const [extension = ''] = reader.name();
  if (reader.take('update') !== null) {
    const version = reader.take('to') === null ? null : (reader.string() ?? reader.name()[0] ?? null);
    return reader.isAtEnd() ? hostCall('update_extension', extension, version) : null;
  }
  if (reader.take('set') === null || reader.take('schema') === null) return null;
  const [schema = ''] = reader.name();
  return reader.isAtEnd() ? hostCall('move_extension', extension, schema) : null;
}

/** Of all tables, or of schemas; of tables by their names the deployer makes it. */
function readPublication(reader: TokenReader): string | null {
  const [publication, ...more] = reader.name();
  if (publication === undefined || more.length > 0 || reader.take('for') === null) return null;
  let schemas: readonly string[] | null = null;
  if (reader.take('all') !== null) {
    if (reader.take('tables') === null) return null;
  } else {
    schemas = readSchemas(reader);
    if (schemas === null) return null;
  }
  const options = reader.take('with') === null ? [] : reader.options();
  if (options === null || !reader.isAtEnd()) return null;
  return hostCall('make_publication', publication, schemas, options);
}

function readPublished(reader: TokenReader): string | null {
  const [publication, ...more] = reader.name();
  if (publication === undefined || more.length > 0 || reader.take('add') === null) return null;
  const schemas = readSchemas(reader);
  return schemas === null || !reader.isAtEnd() ? null : hostCall('publish_schemas', publication, schemas);
}

function readSchemas(reader: TokenReader): readonly string[] | null {
  if (reader.take('tables') === null || reader.take('in') === null || reader.take('schema') === null) {
    return null;
  }
  if (reader.isAt('current_schema')) return null;
  const names = reader.names();
  return names.length > 0 && names.every(({ length }) => length === 1) ? names.flat() : null;
}

function readEventTrigger(reader: TokenReader): string | null {
  if (reader.take('trigger') === null) return null;
  const [trigger] = reader.name();
  if (trigger === undefined || reader.take('on') === null) return null;
  const event = reader.word();
  let tags: readonly string[] | null = null;
  if (reader.take('when') !== null) {
    tags = reader.take('tag') === null || reader.take('in') === null ? null : reader.strings();
    if (tags === null) return null;
  }
  if (event === null || reader.take('execute') === null || reader.take('function', 'procedure') === null) {
    return null;
  }
  const called = quoteLiteral(reader.name().map(quoteIdentifier).join('.'));
  if (!reader.isOneCall()) return null;
  return hostCall('make_event_trigger', trigger, event, tags, { sql: `${called}::pg_catalog.regproc` });
}

function readEventTriggerSet(reader: TokenReader): string | null {
  if (reader.take('trigger') === null) return null;
  const [trigger = ''] = reader.name();
  const what = reader.take('enable', 'disable');
  return what !== null && reader.isAtEnd() ? hostCall('set_event_trigger', trigger, what === 'enable') : null;
}

function readDrop(reader: TokenReader): string | null {
  if (reader.take('event') !== null) {
    if (reader.take('trigger') === null) return null;
    const mayBeGone = reader.isAt('if');
    const [trigger = ''] = reader.name();
    reader.take('cascade', 'restrict');
    return reader.isAtEnd() ? hostCall('drop_event_trigger', trigger, mayBeGone) : null;
  }
  if (reader.take('extension') === null) return null;
  const mayBeGone = reader.isAt('if');
  const extensions = reader.names().map(([name = '']) => name);
  const isCascade = reader.take('cascade', 'restrict') === 'cascade';
  return reader.isAtEnd() ? hostCall('drop_extensions', extensions, mayBeGone, isCascade) : null;
}

function readTriggers(reader: TokenReader): string | null {
  if (reader.take('table') === null) return null;
  const table = reader.name();
  const what = reader.take('enable', 'disable');
  if (what === null || reader.take('trigger') === null || reader.take('all') === null || !reader.isAtEnd()) {
    return null;
  }
  const name = quoteLiteral(table.map(quoteIdentifier).join('.'));
  return hostCall('set_triggers', { sql: `${name}::pg_catalog.regclass` }, what === 'enable');
}

const replicationRoles = ['origin', 'replica', 'local', 'default'];

/** `set [session | local] session_replication_role = value`. */
function readReplicationRole([, ...tokens]: readonly Token[]): string | null {
  const [first] = tokens;
  const isLocal = first?.text === 'local';
  const [name, is, value, ...more] = isLocal || first?.text === 'session' ? tokens.slice(1) : tokens;
  if (name?.text !== 'session_replication_role' || !['=', 'to'].includes(is?.text ?? '')) return null;
  const role = value?.text.toLowerCase() ?? '';
  if (more.length > 0 || !replicationRoles.includes(role)) return null;
  return hostCall('set_replication_role', role === 'default' ? 'origin' : role, isLocal);
}
