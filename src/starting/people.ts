/** Who is in made-up rows: the subjects of the actors. */
export const people = {
  ann: '00000000-0000-4000-8000-0000000000a1',
  ben: '00000000-0000-4000-8000-0000000000b2',
} as const;

/** Their accounts on Supabase. */
export const accountsOfPeople = `insert into auth.users (id, email)
values
    ('${people.ann}', 'ann@example.org'),
    ('${people.ben}', 'ben@example.org')
on conflict do nothing;
`;
