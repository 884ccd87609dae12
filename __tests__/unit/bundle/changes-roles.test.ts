import { describe, expect, it } from '@jest/globals';
import { changesRoles } from '../../../src/bundle/changes-roles.js';
import { loadChatBundle } from '../../support/chat-bundle.js';

const file = (text: string) => [{ path: 'states/01_some.sql', text }];

describe('changesRoles', () => {
  it.each([
    'create role kiosk nologin;',
    'alter role app set search_path = public;',
    'DROP USER somebody;',
    'grant kiosk to authenticator;',
    'grant a, "B c" to authenticator with admin option;',
    'revoke admin option for kiosk from app;',
    "do $$ begin execute format('grant %I to %I', 'a', 'b'); end $$;",
    'grant select on t to a;\ngrant a to b;',
  ])('is true of %s', (text) => {
    expect(changesRoles(file(text))).toBe(true);
  });

  it.each([
    'grant select on public.notes to app_user;',
    'grant usage\n    on schema public to app_user;',
    'revoke all on all tables in schema public from anon;',
    'alter default privileges for role owner grant all on tables to app_user;',
    'set role app_user; reset role;',
    '-- somebody did grant everything to the kiosk, and create role was forgotten\nselect 1;',
    'create user mapping for current_user server s;',
    "comment on role app is 'x';",
  ])('is false of %s', (text) => {
    expect(changesRoles(file(text))).toBe(false);
  });

  it('is false of the chat fix, of which a word in a message would have its databases rehearsed one after the other', async () => {
    const { prelude, sections } = await loadChatBundle();
    const files = [...prelude, ...sections.flatMap(({ file: first, parts }) => [first, ...parts])];
    expect(files.filter((one) => changesRoles([one])).map(({ path }) => path)).toEqual([]);
  });
});
