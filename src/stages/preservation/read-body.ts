/** The SQL of a policy, a view, a function → what it asks beside rows, what it sets going, and which functions it calls. */
import { readTokens } from '../../bundle/read-tokens.js';
import { callsOut } from '../find-calls-out.js';

/**
 * `place`: the server, the client, the engine, or nobody knows what. `request`: what other requests may say. `moment`: the time, or
 * chance. `outside`: it reaches out of the database.
 */
export interface Asked {
  readonly of: 'place' | 'request' | 'moment' | 'outside';
  readonly what: string;
}

export interface Body {
  readonly asks: readonly Asked[];
  /** `writes public.fees`, `notifies listeners`. */
  readonly does: readonly string[];
  /** `schema.name`, or the name alone. */
  readonly calls: readonly string[];
  /** Whether it reads the claims of whoever asks, all of them. */
  readonly readsClaims: boolean;
  /** The parts of JSON that it reads. */
  readonly keys: readonly string[];
}

/** What Postgres itself has: functions whose answer does not follow from what they are given alone, and its own relations. */
export interface ServersOwn {
  readonly functions: ReadonlySet<string>;
  readonly relations: ReadonlySet<string>;
}

interface Piece {
  readonly kind: 'word' | 'name' | 'string' | 'sign';
  readonly text: string;
}

/** They do depend on something, the zone of the session, say, but on nothing that tells one place from another. */
const harmless = new RegExp(
  `^(${[
    'to_(char|date|timestamp|number|json|jsonb|tsquery|tsvector)|row_to_json|array_to_(json|string)|jsonb?_\\w+',
    'date(_\\w+)?|extract|timezone|make_timestamptz|timestamp\\w*|time|timetz|interval_pl_timestamptz|generate_series|overlaps|in_range',
    'concat|concat_ws|format|format_type|length|convert(_from|_to)?|quote_\\w+|enum_\\w+|money|numeric|xml|array_agg|textanycat|anytextcat',
    'gen_random_uuid|uuidv[47]|pg_get_serial_sequence|pg_advisory_\\w+|pg_try_advisory_\\w+|pg_trigger_depth|pg_typeof',
    'has_\\w+_privilege|pg_has_role|row_security_active|pg_input_is_valid|plainto_tsquery|phraseto_tsquery|websearch_to_tsquery|ts_(headline|match_\\w+)|pg_event_trigger_\\w+',
  ].join('|')})$`,
);
const ofMoment: Readonly<Record<string, string>> = {
  now: 'the time',
  statement_timestamp: 'how long it takes',
  transaction_timestamp: 'how long it takes',
  clock_timestamp: 'how long it takes',
  timeofday: 'how long it takes',
  age: 'the time',
  current_date: 'the time',
  current_time: 'the time',
  current_timestamp: 'the time',
  localtime: 'the time',
  localtimestamp: 'the time',
  random: 'chance',
  random_normal: 'chance',
  array_sample: 'chance',
  array_shuffle: 'chance',
  nextval: 'how far a sequence has counted',
  currval: 'how far a sequence has counted',
  lastval: 'how far a sequence has counted',
};
/** Written without parentheses. */
const ofPlace = ['session_user', 'system_user', 'current_catalog', 'current_schema'];
const ofRole = ['current_user', 'current_role', 'user'];
/** When and where a row was written. */
const ofRow = ['xmin', 'xmax', 'cmin', 'cmax', 'ctid'];
const ofDynamicSql = ['function', 'procedure', 'on'];
const languages = ['sql', 'plpgsql'];
/** Those of whom a token says that it is they, and what every token says: tried. */
const triedClaims = ['sub', 'role', 'aud', 'iss', 'iat', 'exp'];

const aPerson = /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$|^[^@\s]+@[^@\s]+\.[^@\s]+$/i;
const nobody = /^[0-]+$/;
const aDate = /^\d{4}-\d{2}-\d{2}/;

export const hasItsDefiners = "has its definer's rights";
export const namesSomebody = 'whether it is somebody whom its text names';

export function readBody(text: string, server: ServersOwn): Body {
  const pieces = readPieces(text);
  const asks: Asked[] = [];
  const does: string[] = [];
  const calls: string[] = [];
  const keys: string[] = [];
  let readsClaims = false;
  const ask = (of: Asked['of'], what: string) => asks.push({ of, what });

  const askSetting = (at: number): void => {
    const [name, end] = [pieces[at], pieces[at + 1]];
    if (name?.kind !== 'string' || !/^[,):]$/.test(end?.text ?? '')) {
      ask('place', 'a setting whose name it puts together');
      return;
    }
    const setting = name.text.toLowerCase();
    const claim = /^request\.jwt\.claim\.(.+)$/.exec(setting)?.[1];
    if (setting === 'request.jwt.claims') readsClaims = true;
    else if (claim !== undefined) asks.push(...asksForClaims([claim]));
    else if (setting === 'role') ask('request', 'whose rights it has');
    else ask(setting.includes('.') ? 'request' : 'place', `the setting ${setting}`);
  };

  for (let at = 0; at < pieces.length; at += 1) {
    const piece = pieces[at] as Piece;
    if (piece.kind === 'string') {
      if (aPerson.test(piece.text) && !nobody.test(piece.text)) ask('request', namesSomebody);
      if (isPath(pieces, at)) keys.push(...piece.text.replace(/[{}]/g, '').split(','));
      continue;
    }
    if (piece.kind === 'sign') continue;
    const chain = [piece];
    while (pieces[at + 1]?.text === '.' && isName(pieces[at + 2])) {
      chain.push(pieces[at + 2] as Piece);
      at += 2;
    }
    const name = (chain.at(-1) as Piece).text;
    const schema = chain.length > 1 ? (chain.at(-2) as Piece).text : null;
    const isServers = schema === null || schema === 'pg_catalog';
    const next = pieces[at + 1];
    if (next?.text === '(') {
      if (isServers && name === 'count') ask('moment', 'how many rows there are');
      if (!isServers || !server.functions.has(name)) calls.push(schema === null ? name : `${schema}.${name}`);
      else if (name in ofMoment) ask('moment', ofMoment[name] as string);
      else if (name === 'current_setting') askSetting(at + 2);
      else if (name === 'set_config') does.push(...setsSetting(pieces[at + 2], ask));
      else if (name === 'pg_notify') does.push('notifies listeners');
      else if (name === 'setval') does.push('sets a sequence');
      else if (ofRole.includes(name)) ask('request', 'whose rights it has');
      else if (!harmless.test(name)) ask('place', name);
      continue;
    }
    if (schema === 'information_schema' || (isServers && server.relations.has(name))) {
      ask('place', `the catalog ${name}`);
      continue;
    }
    if (name === 'last_value' || name === 'is_called') ask('moment', 'how far a sequence has counted');
    if (ofRow.includes(name) && (schema !== null || name !== 'xmax')) ask('place', `${name} of a row`);
    if (piece.kind !== 'word' || schema !== null) continue;
    if (ofPlace.includes(name)) ask('place', name);
    else if (ofRole.includes(name)) ask('request', 'whose rights it has');
    else if (name in ofMoment) ask('moment', ofMoment[name] as string);
    else if (name === 'execute' && !ofDynamicSql.includes(next?.text ?? ''))
      ask('place', 'SQL that it puts together');
    else if (name === 'notify') does.push('notifies listeners');
    else if (name === 'language' && next !== undefined && !languages.includes(next.text))
      ask('place', `what is written in ${next.text}`);
    else if (name === 'definer' && pieces[at - 1]?.text === 'security') does.push(hasItsDefiners);
    else if (name === 'u' && next?.text === '&') ask('place', 'names that it writes in numbers');
    else if (isWriting(name, next)) does.push(`${verbs[name]} ${target(pieces, at + 1)}`);
  }
  if (
    asks.some(({ what }) => what === 'the time') &&
    pieces.some(({ kind, text }) => kind === 'string' && aDate.test(text))
  )
    ask('place', 'whether a day that its text names has come');
  const out = callsOut.exec(text)?.[0];
  if (out !== undefined)
    ask(
      'outside',
      out
        .replace(/\s*\($/, '')
        .slice(0, 60)
        .trim(),
    );
  return { asks, does: [...new Set(does)], calls: [...new Set(calls)], readsClaims, keys };
}

/** What a claim of the token says is known of those who are tried, but not of others. */
export function asksForClaims(keys: readonly string[]): Asked[] {
  return keys
    .map((key) => key.trim())
    .filter((key) => !triedClaims.includes(key) && !/^\d*$/.test(key))
    .map((key) => ({ of: 'request', what: `the claim ${key}` }));
}

const verbs: Readonly<Record<string, string>> = {
  insert: 'writes',
  merge: 'writes',
  update: 'writes',
  delete: 'deletes from',
  truncate: 'empties',
  drop: 'drops',
};

const isNoTarget = /^(set|of|on|or|skip|nowait|cascade|restrict|no)$/;

function isWriting(name: string, next: Piece | undefined): boolean {
  if (name === 'insert' || name === 'merge') return next?.text === 'into';
  if (name === 'delete') return next?.text === 'from';
  // Not `for update`, `do update set`, `after update on`, `on update cascade`.
  return name in verbs && isName(next) && !isNoTarget.test(next?.text ?? '');
}

/** The name of what is written, after words that stand before it. */
function target(pieces: readonly Piece[], from: number): string {
  let at = from;
  while (
    ['into', 'from', 'only', 'table', 'function', 'policy', 'if', 'exists'].includes(pieces[at]?.text ?? '')
  )
    at += 1;
  const parts = [];
  while (isName(pieces[at])) {
    parts.push((pieces[at] as Piece).text);
    if (pieces[at + 1]?.text !== '.') break;
    at += 2;
  }
  return parts.join('.') || 'something';
}

function setsSetting(name: Piece | undefined, ask: (of: Asked['of'], what: string) => void): string[] {
  if (name?.kind !== 'string') {
    ask('place', 'a setting whose name it puts together');
    return [];
  }
  // Whoever sets these is somebody else for all that is asked afterwards.
  if (/^(request\.|role$|session_authorization$|row_security$|search_path$)/i.test(name.text))
    ask('request', `what it sets itself, ${name.text.toLowerCase()}`);
  return [`sets ${name.text}`];
}

const isName = (piece: Piece | undefined): boolean => piece?.kind === 'word' || piece?.kind === 'name';

/** `-> 'email'`, `#>> '{app_metadata,role}'`, `? 'email'`. */
function isPath(pieces: readonly Piece[], at: number): boolean {
  const before = pieces
    .slice(Math.max(0, at - 3), at)
    .map(({ text }) => text)
    .join('');
  return /[-#]>>?$|[?@]>?$|jsonb?_extract_path(_text)?\(\w*$/.test(before);
}

/** Without space and comments; the text of a function, which stands in dollars, as if it stood there. */
function readPieces(text: string): Piece[] {
  const pieces: Piece[] = [];
  for (const { kind, from, to } of readTokens(text)) {
    const own = text.slice(from, to);
    if (kind === 'space' || kind === 'unclosed') continue;
    const tag = /^\$\w*\$/.exec(own)?.[0];
    if (kind === 'word') pieces.push({ kind: 'word', text: own.toLowerCase() });
    else if (own.startsWith('"')) pieces.push({ kind: 'name', text: own.slice(1, -1).replaceAll('""', '"') });
    else if (tag !== undefined && own.length > tag.length)
      pieces.push(...readPieces(own.slice(tag.length, -tag.length)));
    else if (own.endsWith("'") && own.length > 1)
      pieces.push({ kind: 'string', text: own.replace(/^[eE]?'|'$/g, '').replaceAll("''", "'") });
    else pieces.push({ kind: 'sign', text: own });
  }
  return pieces;
}
