import { expect, it } from '@jest/globals';
import { answerQuestions } from '../../src/report/questions.js';
import { aReport } from '../support/build-report.js';
import { thirdSection } from '../support/notes-bundle.js';
import { rehearseNotes } from '../support/rehearse-notes.js';

const guards = `
alter table public.notes add constraint short check (length(body) < 100), add unique (body), add column kept text not null default 'x';
create table public.binders (id int primary key);
alter table public.notes add column binder int references public.binders;
create function public.keep() returns trigger language plpgsql set search_path = '' as $$ begin return old; end $$;
create trigger keep before delete on public.notes for each row execute function public.keep();
create policy bodies on public.notes as restrictive to app_user using (body <> '');
alter table public.notes add constraint told check (body <> 'x');
`;

const theft = `
alter table public.notes drop constraint if exists short, drop constraint if exists notes_body_key, drop constraint if exists notes_binder_fkey;
alter table public.notes alter column kept drop not null;
drop trigger if exists keep on public.notes;
drop policy if exists bodies on public.notes;
alter table public.notes drop constraint told, add constraint told check (true);
`;

const stars = "'constraint * on public.notes', 'not null * on public.notes', 'trigger * on public.notes'";

it('names each protection that is taken away, also where a star declares it', async () => {
  const subject = await rehearseNotes({
    ...thirdSection(theft),
    'states/01_writer.sql': (text) => text + guards,
    'bundle.yml': (text) =>
      text.replace(
        'access:\n',
        `drops: [${stars}, 'policy * on public.notes']\nchanges: [${stars}]\naccess:\n`,
      ),
  });
  expect(subject).toMatchObject({ outcome: 'pass' });
  const asked = answerQuestions(aReport({ subjects: [subject] }));
  const { answer } = asked.find(({ question }) => question === 'Which protection goes?') ?? { answer: '' };
  for (const name of [
    'constraint short on public.notes',
    'constraint notes_body_key on public.notes',
    'constraint notes_binder_fkey on public.notes',
    'not null kept on public.notes',
    'trigger keep on public.notes',
    'policy bodies on public.notes',
    'constraint told on public.notes (now CHECK (true)',
  ]) {
    expect(answer).toContain(name);
  }
  expect(answer).not.toContain('writer');
});

it('names a table whose row level security is switched off', async () => {
  const subject = await rehearseNotes({
    ...thirdSection('alter table public.notes disable row level security;'),
    'states/01_writer.sql': (text) =>
      `${text}alter table public.notes enable row level security; create policy others on public.notes for delete to app_user using (false); grant select on public.notes to app_user;\n`,
    'checks/02_row_level_security.sql': null,
    'access/01_own_notes.sql': null,
    'bundle.yml': (text) => text.replaceAll(', when: shut', ''),
  });
  const asked = answerQuestions(aReport({ subjects: [subject] }));
  expect(asked.find(({ question }) => question === 'Which protection goes?')?.answer).toContain(
    'row level security on public.notes',
  );
});
