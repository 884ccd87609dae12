import { describe, expect, it } from '@jest/globals';
import { adviceFor } from '../../../src/database/advice.js';

describe('adviceFor', () => {
  it.each([
    ['42P01', 'relation "chat_rooms" does not exist', /without its schema/],
    ['42P01', 'relation "public.chat_rooms" does not exist', /right database/],
    ['42501', 'permission denied for table chat_rooms', /lacks a privilege/],
    ['42501', 'permission denied to set role "app_user"', /grant ROLE to DEPLOYER/],
    ['42501', 'must be owner of table chat_messages', /Only the owner/],
    ['42501', 'new row violates row-level security policy for table "chat_rooms"', /with check/],
    ['42P17', 'infinite recursion detected in policy for relation "chat_rooms"', /security definer helper/],
    ['42883', 'function auth.uid() does not exist', /belongs to Supabase/],
    ['42883', 'function public.f(uuid) does not exist', /argument types/],
    ['42704', 'type "status" does not exist', /No type has this name/],
    ['42704', 'role "app_user" does not exist', /No role has this name/],
    ['42704', 'constraint "known" of relation "notes" does not exist', /Look it up/],
    ['23505', 'could not create unique index', /duplicates/],
    ['23503', 'insert or update violates foreign key constraint', /orphans/],
    ['25001', 'CREATE INDEX CONCURRENTLY cannot run inside a transaction block', /without concurrently/],
    ['2D000', 'invalid transaction termination', /commit out of the procedure/],
    ['55P04', 'unsafe use of new value "b" of enum type public.kind', /Add the value beforehand/],
    ['55P03', 'canceling statement due to lock timeout', /holds a lock/],
    ['40P01', 'deadlock detected', /waited for each other/],
    ['57014', 'canceling statement due to statement timeout', /statement_timeout/],
    ['42P13', 'return type mismatch in function declared to return integer', /cast what it selects/],
    ['42P13', 'cannot change return type of existing function', /Drop the old function first/],
    ['42P13', 'cannot remove parameter defaults from existing function', /Drop the old function first/],
    ['42601', 'syntax error at or near "creat"', /before the caret/],
  ])('knows what to do about %s: %s', (sqlstate, message, advice) => {
    expect(adviceFor(sqlstate, message)).toMatch(advice);
  });

  it.each([
    ['57014', 'canceling statement due to user request'],
    ['42P17', 'invalid definition'],
    ['42P13', 'no language specified'],
    ['P0001', 'anything'],
  ])('says nothing about %s: %s', (sqlstate, message) => {
    expect(adviceFor(sqlstate, message)).toBeNull();
  });

  it.each([
    [
      '42P01',
      'relation "limits" does not exist',
      'PL/pgSQL function public.is_allowed(text) line 1 at RETURN',
    ],
    ['42883', 'function f() does not exist', 'SQL function "is_allowed" during startup'],
    ['42704', 'type "kind" does not exist', 'PL/pgSQL function f() line 3 at assignment\nSQL statement "x"'],
  ])('sends nobody to the files for %s within a function of the database', (sqlstate, message, where) => {
    expect(adviceFor(sqlstate, message, where)).toMatch(/^A function of the database.*set search_path/);
    const block = `SQL statement "x"\nPL/pgSQL function inline_code_block line 2 at EXECUTE\n${where}`;
    expect(adviceFor(sqlstate, message, block) ?? '').not.toMatch(/^A function of the database/);
  });

  it('blames no privilege where a function raised it', () => {
    const where =
      'PL/pgSQL function public.guard_chat_room_member() line 58 at RAISE\nSQL statement "insert"';
    expect(adviceFor('42501', 'only an admin of the group does that', where)).toMatch(/triggers/);
    expect(
      adviceFor('42501', 'permission denied for table t', 'PL/pgSQL function f() line 2 at SQL statement'),
    ).toMatch(/lacks a privilege/);
  });
});
