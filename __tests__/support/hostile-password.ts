/** A password that nobody must see, and a server and a bundle that tell it. */
import { getTestServer, withClient } from './server.js';

export const password = 'p@ss/word # 100% "quoted" $HOME \\n\nsecond line';
export const talker = 'talker';

/** What must be nowhere: the password as it is, in parts that mean something, and as others write it. */
const forms = [
  password,
  'p@ss/word',
  'second line',
  encodeURIComponent(password),
  encodeURIComponent('p@ss/word'),
  JSON.stringify(password).slice(1, -1),
  Buffer.from(password).toString('base64'),
];

export function findForms(text: string): string[] {
  return forms.filter((form) => text.includes(form) || text.includes(JSON.stringify(form).slice(1, -1)));
}

/** A section that says the password in several ways, as a database would that knows it. */
export const talkative = `--! Title: Every note has an author
do $$
declare
    password text := ${literal(password)};
begin
    raise notice 'connected with %', password;
    raise exception 'cannot log in with % (%)', password, ${literal(encodeURIComponent(password))};
end
$$;
`;

/** A superuser of that password on the server of the tests. */
export async function makeTalker(): Promise<void> {
  await withClient(getTestServer().connection, (client) =>
    client.query(
      `drop role if exists ${talker}; create role ${talker} superuser login password ${literal(password)}`,
    ),
  );
}

function literal(text: string): string {
  return `E'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`;
}
