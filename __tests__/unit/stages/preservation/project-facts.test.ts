import { describe, expect, it } from '@jest/globals';
import {
  digestOf,
  labelOf,
  maskOf,
  projectQuarantine,
  projectTable,
} from '../../../../src/stages/preservation/project-facts.js';
import { aFact, aKind } from '../../../support/preserved.js';

const messages = aKind({
  name: 'messages',
  from: ['public.messages', 'public.old'],
  to: ['public.messages'],
  facts: [
    aFact({ name: 'sender', columns: ['sender', 'author id'], type: 'bigint' }),
    aFact({ name: 'text', columns: ['content'] }),
    aFact({ name: 'at', columns: ['created_at'], type: 'timestamptz' }),
  ],
});

describe('projectTable', () => {
  it('takes the first column that exists and says something, else the first that is not null', () => {
    const columns = new Map([
      ['author id', 'bigint'],
      ['sender', 'bigint'],
    ]);
    const nothing = "('', '00000000-0000-0000-0000-000000000000')";
    expect(projectTable(messages, 'public.messages', columns)).toBe(
      `select coalesce(case when pg_catalog.btrim("sender"::text) not in ${nothing} then "sender"::text end, ` +
        `case when pg_catalog.btrim("author id"::text) not in ${nothing} then "author id"::text end, ` +
        '"sender"::text, "author id"::text) as fact_0, ' +
        'null::text as fact_1, null::text as fact_2 from "public"."messages"',
    );
  });
});

describe('projectQuarantine', () => {
  it('looks at the rows of this kind, whatever a column was called', () => {
    const sql = projectQuarantine(messages, 'quarantine.rows');
    expect(sql).toContain("(row_data ->> 'sender')::text, (row_data ->> 'author id')::text) as fact_0");
    expect(sql).toContain(`from "quarantine"."rows" where source_table in ('public.messages', 'public.old')`);
  });
});

describe('maskOf', () => {
  it('has a bit for each fact', () => {
    expect(maskOf(messages.facts)).toBe(
      '((fact_0 is not null)::int << 0) | ((fact_1 is not null)::int << 1) | ((fact_2 is not null)::int << 2)',
    );
  });
});

describe('digestOf', () => {
  const first = messages.facts.slice(0, 1);

  it('is of the bytes, whatever the collation', () => {
    expect(digestOf(first)).toBe('pg_catalog.hash_record_extended(row(fact_0 collate pg_catalog."C"), 0)');
  });

  it('holds only what the mask says is known', () => {
    expect(digestOf(first, 'm')).toBe(
      'pg_catalog.hash_record_extended(row(case when m & 1 <> 0 then fact_0 collate pg_catalog."C" end), 0)',
    );
  });
});

describe('labelOf', () => {
  it('names keys and times, never what somebody wrote', () => {
    expect(labelOf(messages.facts)).toBe("pg_catalog.concat_ws(', ', 'sender ' || fact_0, 'at ' || fact_2)");
  });

  it('is empty where all there is is text', () => {
    expect(labelOf([aFact({ name: 'text', columns: ['content'] })])).toBe("''");
  });
});
