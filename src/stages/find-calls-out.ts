/** A database and the SQL of scenarios → what on their way reaches out of the database, where nothing can be undone; null: nothing does. */
import { engineSql } from '../database/engine-sql.js';
import type { Session } from '../database/with-session.js';
import { groupBy } from '../group-by.js';
import type { Bundle } from '../model.js';
import { wordsIn } from './words-in.js';

/** A relation or a function. */
interface Node {
  readonly oid: string;
  readonly kind: 'table' | 'foreign table' | 'function';
  readonly name: string;
  readonly called: string;
  readonly body: string;
  readonly extension: string | null;
  readonly is_trusted: boolean;
  readonly leads_to: readonly string[];
}

/** What these bring leaves the database, at once or, as a request that waits to be sent, soon. */
const reachingOut =
  /^(dblink|http|pg_net|pg_background|postgres_fdw|file_fdw|aws_\w+|pg_cron|plpython3u|plperlu|pgmq_http)$/;

const callsOut =
  /\b(?:dblink\w*|http|http_(?:get|post|put|patch|delete|head|request)|pg_background_launch|lo_export|lo_import|pg_file_\w+)\s*\(|\bnet\s*\.\s*http_\w+|\bcopy\b[^;]*\b(?:program|to\s+'|from\s+')/i;

/** The first call in the text that reaches out of the database, `net.http_post`, or null. */
export function findCallOut(text: string): string | null {
  const call = callsOut.exec(text)?.[0];
  if (call === undefined) return null;
  return call
    .replace(/\s*\($/, '')
    .slice(0, 60)
    .trim();
}

/** Every name in a text is followed: too much is better than too little. */
export async function findCallsOut(session: Session, bundle: Bundle): Promise<string | null> {
  const { rows } = await session.query<Node>(engineSql('call_graph'));
  const { scenarios, scenarioSetup, tables } = bundle;
  const texts = [
    ...tables.map((table) => table.split('.').at(-1) ?? table),
    ...scenarios.map(({ file }) => file.text),
    scenarioSetup?.text ?? '',
  ];
  return followCalls(rows, texts.join('\n'));
}

/** Pure. `text` is where it begins. */
export function followCalls(nodes: readonly Node[], text: string): string | null {
  const own = callsOut.exec(text)?.[0];
  if (own !== undefined) return `a scenario calls ${own.trim()}`;
  const byName = groupBy(nodes, ({ name }) => name);
  const byOid = new Map(nodes.map((node) => [node.oid, node]));
  const mentioned = (said: string) => [...wordsIn(said)].flatMap((word) => byName.get(word) ?? []);
  const waiting = mentioned(text);
  const seen = new Set(waiting);
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    const why = judge(node);
    if (why !== null) return why;
    // What an extension's function does is judged by the extension.
    const next =
      node.extension === null
        ? [...node.leads_to.flatMap((oid) => byOid.get(oid) ?? []), ...mentioned(node.body)]
        : [];
    for (const found of next) {
      if (seen.has(found)) continue;
      seen.add(found);
      waiting.push(found);
    }
  }
  return null;
}

function judge({ kind, called, body, extension, is_trusted }: Node): string | null {
  if (kind === 'foreign table') return `${called} is a foreign table`;
  if (extension !== null)
    return reachingOut.test(extension) ? `${called} is of the extension ${extension}` : null;
  if (!is_trusted) return `${called} is written in a language that may do anything`;
  const call = findCallOut(body);
  return call === null ? null : `${called} calls ${call}`;
}
