/**
 * A stand-in for the data API: what the application's own calls need of PostgREST's protocol, spoken to a database. The caller is
 * whoever the token names, under row level security; an error is told by the status that PostgREST tells it by.
 */
import pg from 'pg';
import { withSession } from '../../lib/database/with-session.js';
import { asCaller } from '../people.mjs';
import { readClaims } from './tokens.mjs';

/** Others are 400. */
const statuses = { 42501: 403, 23503: 409, 23505: 409, '42P17': 500, '42P01': 404, 42883: 404 };
const name = (text) => `public.${pg.escapeIdentifier(text)}`;
const column = pg.escapeIdentifier;

class Refused extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** A request to `/rest/v1/…` → what is answered; one session a request, so that nobody inherits anything. */
export function createStandIn(connection) {
  return async (request) => {
    const url = new URL(request.url);
    const question = {
      method: request.method,
      path: url.pathname.replace(/^\/rest\/v1\//, ''),
      filters: url.searchParams,
      prefer: request.headers.get('prefer') ?? '',
      body: ['POST', 'PATCH'].includes(request.method) ? await request.json() : null,
    };
    try {
      const claims = readClaims(request.headers.get('authorization'));
      const rows = await withSession(connection, (session) =>
        asCaller(session, claims, () => answer(session, question)),
      );
      const status =
        request.method === 'GET' ? 200 : question.path.startsWith('rpc/') ? 200 : rows === null ? 204 : 201;
      return rows === null ? new Response(null, { status }) : Response.json(rows, { status });
    } catch (error) {
      const status = error.status ?? statuses[error.code] ?? (error.code === undefined ? 500 : 400);
      return Response.json({ code: error.code ?? null, message: error.message }, { status });
    }
  };
}

function answer(session, question) {
  if (question.path.startsWith('rpc/')) return call(session, question);
  switch (question.method) {
    case 'GET':
      return select(session, question);
    case 'POST':
      return insert(session, question);
    case 'PATCH':
      return change(session, question);
    case 'DELETE':
      return remove(session, question);
    default:
      throw new Refused(405, null, question.method);
  }
}

async function select(session, { path, filters }) {
  const { where, values } = conditions(filters, 'asked');
  const { columns, joins } = await readColumns(session, path, filters.get('select') ?? '*');
  const [key, direction] = (filters.get('order') ?? '').split('.');
  const order = key === '' ? '' : ` order by asked.${column(key)} ${direction === 'desc' ? 'desc' : 'asc'}`;
  const limit = filters.has('limit') ? ` limit ${Number(filters.get('limit'))}` : '';
  const { rows } = await session.query(
    `select ${columns} from ${name(path)} as asked${joins}${where}${order}${limit}`,
    values,
  );
  return rows;
}

/** `room_id,chat_rooms!inner(id,title)`: an embedded table is found by the one foreign key to it. */
async function readColumns(session, path, asked) {
  const embedded = /([a-z_]+)!inner\(([^)]*)\)/.exec(asked);
  const own = asked
    .replace(embedded?.[0] ?? '', '')
    .split(',')
    .filter((text) => text !== '')
    .map((text) => (text === '*' ? 'asked.*' : `asked.${column(text)}`));
  if (embedded === null) return { columns: own.join(', '), joins: '' };
  const [, other, wanted] = embedded;
  const { rows: keys } = await session.query(
    `select a.attname as here, b.attname as there
     from pg_catalog.pg_constraint as k
     inner join pg_catalog.pg_attribute as a on k.conrelid = a.attrelid and k.conkey[1] = a.attnum
     inner join pg_catalog.pg_attribute as b on k.confrelid = b.attrelid and k.confkey[1] = b.attnum
     where k.contype = 'f' and k.conrelid = pg_catalog.to_regclass($1) and k.confrelid = pg_catalog.to_regclass($2)`,
    [name(path), name(other)],
  );
  if (keys.length !== 1) {
    const code = keys.length === 0 ? 'PGRST200' : 'PGRST201';
    throw new Refused(
      keys.length === 0 ? 400 : 300,
      code,
      `${keys.length} relationships between ${path} and ${other}`,
    );
  }
  const [{ here, there }] = keys;
  const fields = wanted.split(',').map((text) => `'${text}', embedded.${column(text)}`);
  return {
    columns: [...own, `pg_catalog.json_build_object(${fields.join(', ')}) as ${column(other)}`].join(', '),
    joins: ` inner join ${name(other)} as embedded on asked.${column(here)} = embedded.${column(there)}`,
  };
}

/** Columns that the caller leaves out have their defaults. */
async function insert(session, { path, prefer, body }) {
  const columns = Object.keys(body).map(column).join(', ');
  const conflict = prefer.includes('merge-duplicates')
    ? await overwrite(session, path, Object.keys(body))
    : '';
  const returning = prefer.includes('return=representation') ? ' returning *' : '';
  const { rows } = await session.query(
    `insert into ${name(path)} (${columns})
     select ${columns} from pg_catalog.json_populate_record(null::${name(path)}, $1::json)${conflict}${returning}`,
    [JSON.stringify(body)],
  );
  return returning === '' ? null : rows;
}

async function overwrite(session, path, columns) {
  const { rows } = await session.query(
    `select a.attname as name
     from pg_catalog.pg_index as i
     inner join pg_catalog.pg_attribute as a on i.indrelid = a.attrelid and a.attnum = any(i.indkey::int2[])
     where i.indisprimary and i.indrelid = pg_catalog.to_regclass($1)`,
    [name(path)],
  );
  const key = rows.map(({ name: text }) => column(text)).join(', ');
  const sets = columns.map((text) => `${column(text)} = excluded.${column(text)}`).join(', ');
  return key === '' ? '' : ` on conflict (${key}) do update set ${sets}`;
}

async function change(session, { path, filters, body }) {
  const { where, values } = conditions(filters, 'asked', [JSON.stringify(body)]);
  const columns = Object.keys(body).map(column);
  await session.query(
    `update ${name(path)} as asked
     set ${columns.map((text) => `${text} = given.${text}`).join(', ')}
     from (select * from pg_catalog.json_populate_record(null::${name(path)}, $1::json)) as given${where}`,
    values,
  );
  return null;
}

async function remove(session, { path, filters }) {
  const { where, values } = conditions(filters, 'asked');
  await session.query(`delete from ${name(path)} as asked${where}`, values);
  return null;
}

const operators = { eq: '=', neq: '<>', gt: '>' };

/** `room_id=in.(a,b)&sender=neq.c` */
function conditions(filters, table, given = []) {
  const values = [...given];
  const parts = [];
  for (const [key, text] of filters) {
    if (['select', 'order', 'limit', 'on_conflict'].includes(key)) continue;
    const [, operator, value] = /^(\w+)\.(.*)$/s.exec(text) ?? [];
    if (operator === 'in') {
      values.push(value.slice(1, -1).split(','));
      parts.push(`${table}.${column(key)} = any($${values.length})`);
    } else {
      values.push(value);
      parts.push(`${table}.${column(key)} ${operators[operator]} $${values.length}`);
    }
  }
  return { where: parts.length === 0 ? '' : ` where ${parts.join(' and ')}`, values };
}

/** By the names of the arguments, as the data API finds a function. */
async function call(session, { path, body }) {
  const called = path.slice('rpc/'.length);
  const given = Object.keys(body);
  const { rows: found } = await session.query(
    `select p.proretset as is_set, p.prorettype = 'pg_catalog.record'::pg_catalog.regtype as is_record
     from pg_catalog.pg_proc as p
     where p.pronamespace = 'public'::pg_catalog.regnamespace and p.proname = $1
         and $2::text[] <@ p.proargnames
         and pg_catalog.cardinality($2::text[]) >= p.pronargs - p.pronargdefaults`,
    [called, given],
  );
  if (found.length === 0)
    throw new Refused(404, 'PGRST202', `no function ${called} with ${given.join(', ')}`);
  if (found.length > 1) throw new Refused(300, 'PGRST203', `${found.length} functions ${called}`);
  const values = given.map((key) => body[key]);
  const parameters = given.map((key, index) => `${column(key)} => $${index + 1}`).join(', ');
  const { rows } = await session.query(`select * from ${name(called)}(${parameters})`, values);
  const [{ is_set: isSet, is_record: isRecord }] = found;
  return isSet || isRecord ? rows : Object.values(rows[0] ?? {})[0];
}
