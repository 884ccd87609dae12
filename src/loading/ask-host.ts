/** Files of a state → the same, where extensions, and publications of all tables or of schemas, are made by the host: only a superuser may make some that hosts offer. */
import { splitStatements } from '../bundle/split-statements.js';
import { type Connection, withSession } from '../database/with-session.js';
import type { SqlFile } from '../model.js';
import { describeStatement } from './describe-statement.js';
import { readHostCall } from './read-host-call.js';
import { withHost } from './with-host.js';

/** Statements that may be the host's to run. */
export const mayAskHost = /\bcreate\s+(extension|publication)\b/i;

/** `connection` is a superuser's. The files have their lines where they had them. */
export async function withHostAsked<T>(
  connection: Connection,
  { files, deployer }: { readonly files: readonly SqlFile[]; readonly deployer: string },
  work: (files: readonly SqlFile[]) => Promise<T>,
): Promise<T> {
  const found = files.filter(({ text }) => mayAskHost.test(text)).flatMap(({ text }) => namesIn(text));
  const names = new Set(found.length === 0 ? [] : await needingSuperuser(connection, found));
  const asked = files.map((file) => ({ ...file, text: askHost(file.text, names) }));
  if (asked.every(({ text }, index) => text === files[index]?.text)) return work(files);
  return withHost(connection, { deployer, standIns: [] }, () => work(asked));
}

function namesIn(text: string): string[] {
  return splitStatements(text).map((statement) => nameOf(statement.text));
}

function nameOf(statement: string): string {
  if (!/^create\s+extension\b/i.test(statement)) return '';
  return describeStatement(statement).targets[0]?.[0] ?? '';
}

async function needingSuperuser(connection: Connection, names: readonly string[]): Promise<string[]> {
  const { rows } = await withSession(connection, (session) =>
    session.query<{ name: string }>(
      `select name from pg_catalog.pg_available_extension_versions
       where name = any ($1) group by name having not pg_catalog.bool_or(trusted)`,
      [names],
    ),
  );
  return rows.map(({ name }) => name);
}

function askHost(text: string, names: ReadonlySet<string>): string {
  if (!mayAskHost.test(text)) return text;
  let asked = '';
  let taken = 0;
  for (const statement of splitStatements(text)) {
    const isHosts = names.has(nameOf(statement.text)) || /^create\s+publication\b/i.test(statement.text);
    const call = isHosts ? readHostCall(statement.text) : null;
    if (call === null) continue;
    const lines = statement.text.split('\n').length - 1;
    asked += text.slice(taken, statement.offset) + call + '\n'.repeat(lines);
    taken = statement.offset + statement.text.length;
  }
  return asked + text.slice(taken);
}
