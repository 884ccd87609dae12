/** What is left of a statement once everything is out that somebody wrote into it. */
import { describe, expect, it } from '@jest/globals';
import { createShapeReader } from '../../../src/logs/statement-shape.js';

const read = createShapeReader({
  tables: ['public.chat_rooms', 'public.chat_messages'],
  functions: ['public.open_or_create_dm'],
});

describe('a statement without values', () => {
  it.each([
    [
      "insert into chat_messages (content) values ('it''s secret', 4711, 1.5e3)",
      'insert into chat_messages (content) values (?, ?, ?)',
    ],
    [
      'SELECT * FROM "public"."chat_messages" -- secret\nWHERE id = $1',
      'select * from public.chat_messages where id = $?',
    ],
    ["select $q$secret$q$, E'se\\'cret', U&'secret', 0xdead, 12secret", 'select ?, ?, u&?, ?, ?'],
    ['select "Peter Secret", "fine_name"', 'select "…", fine_name'],
    ["select 'never closed secret", 'select …'],
    ["select 'it\\'s secret' from chat_rooms", 'select …'],
    ['select $q$never closed secret', 'select …'],
    ['select /* never closed secret', 'select'],
  ])('%s', (statement, text) => {
    expect(read(statement).text).toBe(text);
    expect(read(statement).text).not.toContain('secret');
  });

  it.each([
    ['insert into public.chat_messages values (1)', ['public.chat_messages'], ['public.chat_messages'], []],
    [
      'with s as (insert into "public"."chat_messages" ("a") select 1) select from s',
      ['public.chat_messages'],
      ['public.chat_messages'],
      [],
    ],
    ['insert into archive.chat_messages select * from chat_rooms', ['public.chat_rooms'], [], []],
    ["select 'chat_messages'", [], [], []],
    ['select chat_messages_count from x', [], [], []],
    ['select public.open_or_create_dm($1)', ['public.open_or_create_dm'], [], ['public.open_or_create_dm']],
    ['INSERT INTO CHAT_MESSAGES VALUES (1)', ['public.chat_messages'], ['public.chat_messages'], []],
  ])('%s names', (statement, names, inserts, calls) => {
    expect(read(statement)).toMatchObject({ names, inserts, calls });
  });
});
