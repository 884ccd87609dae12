import { describe, expect, it } from '@jest/globals';
import { renderStandIn } from '../../src/database/render-stand-in.js';
import type { Session } from '../../src/database/with-session.js';
import type { ConnectionSettings } from '../../src/postgres/connection.js';
import { ask, readPlatforms, withProject } from '../support/project.js';
import { getTestServer, withTestServer } from '../support/server.js';

/** A project in whose schema every stand-in of the platform was made, as the superuser. */
async function withStandIns<T>(
  {
    server = getTestServer().connection,
    schema = 'extensions',
  }: { server?: ConnectionSettings; schema?: string },
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const [platform] = await readPlatforms('supabase');
  return withProject({ server }, async (session, deployer) => {
    await session.query('reset session authorization');
    for (const standIn of platform?.standIns ?? []) await session.query(renderStandIn(standIn, schema));
    await session.query(`set session authorization ${deployer}`);
    return work(session);
  });
}

/** [what, statements and a question, its answer] */
const cases: readonly (readonly [string, string, unknown])[] = [
  [
    'vectors of so many dimensions, and searches by each distance',
    `create table documents (id bigint generated always as identity primary key, embedding vector(3));
     create index on documents using hnsw (embedding vector_cosine_ops);
     create index on documents using ivfflat (embedding);
     insert into documents (embedding) values ('[1,2,3]'), ('[3,2,1]'), (array[1, 1, 1]);
     create function match_documents(query_embedding vector(1536), match_threshold float) returns setof documents language sql stable as
     $$ select * from documents where 1 - (documents.embedding <=> query_embedding) > match_threshold order by documents.embedding <#> query_embedding limit 2 $$;
     select string_agg(id::text, '' order by embedding <-> '[1,2,3]') || (select count(*) from match_documents('[3,2,1]', 0.9))
        || (select round((embedding <=> '[3,2,1]')::numeric, 3) from documents where id = 1)::text from documents`,
    '13220.286',
  ],
  [
    'means, sums, dimensions and equality of vectors',
    `select concat(avg(v), sum(v), min(vector_dims(v)), count(distinct v), max(l2_normalize(v)::text)) from unnest(array['[3,4]', '[3,4]', '[0,1]']::vector[]) as v`,
    '[2,3][6,9]22[0.6,0.8]',
  ],
  [
    'half vectors',
    "create table halves (v halfvec(2)); insert into halves values ('[1,2]'); select v <-> '[1,1]' from halves",
    1,
  ],
  [
    'queues',
    `select pgmq.create('jobs'); select pgmq.send('jobs', '{"a": 1}'); select pgmq.send_batch('jobs', array['{"a": 2}', '{"a": 3}']::jsonb[]);
     select concat((select message ->> 'a' from pgmq.read('jobs', 30, 1)), pgmq.archive('jobs', 1), pgmq.delete('jobs', 2::bigint),
        (select message ->> 'a' from pgmq.pop('jobs')), (pgmq.metrics('jobs')).queue_length, (select queue_name from pgmq.list_queues()))`,
    '1tt30jobs',
  ],
  [
    'requests of http',
    "select (http_get('https://example.com')).status + (http_post('u', '{}', 'application/json')).status",
    1006,
  ],
  ['what a URL may hold', "select urlencode('a b/é')", 'a%20b%2F%C3%A9'],
  [
    'tokens, as every other library signs them',
    `select split_part(sign('{"sub":"1234567890","name":"John Doe","iat":1516239022}', 'your-256-bit-secret'), '.', 3)
        || (select valid::text || (payload ->> 'a') from verify(sign('{"a": 1}', 'key', 'HS512'), 'key', 'HS512'))`,
    'SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5ctrue1',
  ],
];

describe('stand-ins for extensions that a server has not', () => {
  it('are there for the extensions that projects make most', async () => {
    const [platform] = await readPlatforms('supabase_explicit_grants');
    const extensions = platform?.standIns.map(({ extension }) => extension);
    expect(extensions).toEqual([
      'http',
      'pg_cron',
      'pg_graphql',
      'pg_net',
      'pgjwt',
      'pgmq',
      'supabase_vault',
      'vector',
    ]);
  });

  it.each([
    ['17, in extensions', null, 'extensions'],
    ['17, in public', null, 'public'],
    ['14', 14, 'extensions'],
    ['18', 18, 'extensions'],
  ])('do what projects ask of them on Postgres %s', async (_, major, schema) => {
    const work = (session: Session) =>
      (async () => {
        for (const [what, text, answer] of cases)
          expect([what, await ask(session, text)]).toEqual([what, answer]);
      })();
    if (major === null) await withStandIns({ schema }, work);
    else
      await withTestServer({ major }, ({ connection }) => withStandIns({ server: connection, schema }, work));
  });

  it('refuse a vector of other dimensions', async () => {
    await withStandIns({}, async (session) => {
      const text = "create table documents (embedding vector(3)); insert into documents values ('[1,2]')";
      await expect(ask(session, text)).rejects.toThrow('expected 3 dimensions, not 2');
    });
  });
});
