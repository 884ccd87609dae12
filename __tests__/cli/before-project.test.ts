import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from '@jest/globals';
import { execa } from 'execa';
import { withFolder } from '../support/notes-bundle.js';
import { cliPath } from '../support/run-cli.js';

/** What real projects do to their privileges and names; none of it is the fix's to be blamed for. */
const project = `
alter default privileges revoke execute on functions from public;
revoke usage on schema public from anon;
create table conversations (id uuid primary key, updated_at timestamptz);
create table conversation_participants (room_id uuid, user_id uuid);
create function touch() returns trigger language plpgsql as
$$ begin update conversations set updated_at = now() where id = new.room_id; return new; end $$;
create trigger touch before insert or update on conversation_participants for each row execute function touch();
grant execute on function touch to authenticated;
`;

it('a project with names without schemas and privileges of its own is rehearsed', async () => {
  await withFolder(async (folder) => {
    const file = path.join(folder, 'schema.sql');
    await writeFile(file, project);
    const { exitCode, stdout } = await execa('node', [cliPath, 'rehearse', '--before', file], {
      reject: false,
    });
    expect(stdout).toMatch(/PASS.*1 of 1 database/);
    expect(exitCode).toBe(0);
  });
});
