import { describe, expect, it } from '@jest/globals';
import { findCulprit } from '../../../src/bundle/find-culprit.js';

const section = (path: string, text: string) => ({ file: { path, text }, parts: [] });
const sections = [
  section('sections/01_rows.sql', '-- delete from public.notes;\nupdate public.notes set body = 1;\n'),
  section(
    'sections/02_more.sql',
    'do $$\nbegin\n    delete from only public.notes\n    where author is null;\nend $$;\n\ndelete from public.notes_kept;\n',
  ),
  section(
    'sections/03_doors.sql',
    'create policy own\n    on public.notes using (true);\ncreate policy "all of them" on "public"."notes" using (true);\ngrant select on public.other, public.notes to app;\nselect move(\'public.rooms\');\n',
  ),
  section(
    'sections/03_keys.sql',
    'do $$\nbegin\n    alter table only public.lines\n        add column if not exists id bigint,\n        rename old to "New";\nend $$;\n',
  ),
  section('sections/04_security.sql', 'alter table "public"."lines" enable row level security;\n'),
  section('sections/04_user.sql', 'alter table public."User" add column a int;\n'),
];
const column = (name: string, table = 'public.lines') => ({ ...rows(table), column: name });
const rows = (table: string) => ({ proof: 'rows' as const, table, policy: null });
const access = (policy: string | null, table = 'public.notes') => ({
  proof: 'access' as const,
  table,
  policy,
});

describe('findCulprit', () => {
  it.each([
    ['the last that takes rows away, also within a block', rows('public.notes'), 'sections/02_more.sql', 3],
    ['what writes where nothing takes away', rows('public.User'), 'sections/04_user.sql', 1],
    ['what merely names the table', rows('public.rooms'), 'sections/03_doors.sql', 5],
    ['the column that came, not what comes later', column('id'), 'sections/03_keys.sql', 3],
    ['the column of another name', column('New'), 'sections/03_keys.sql', 3],
    ['the column that went', column('old'), 'sections/03_keys.sql', 3],
    ['the policy', access('own'), 'sections/03_doors.sql', 1],
    ['a quoted policy', access('all of them'), 'sections/03_doors.sql', 3],
    ['a privilege where no policy decides', access(null), 'sections/03_doors.sql', 4],
    ['a privilege where the policy is none of the fix', access('older'), 'sections/03_doors.sql', 4],
  ])('finds %s', (_what, deed, path, line) => {
    expect(findCulprit(sections, deed)).toEqual({ ...deed, path, line });
  });

  it('finds none where no section names the table', () => {
    expect(findCulprit(sections, rows('public.note'))).toBeNull();
  });

  it('finds none of a column that no section names, where its table is named for something else', () => {
    expect(findCulprit(sections, column('made_by_a_function'))).toBeNull();
  });
});
