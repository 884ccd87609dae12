import { describe, expect, it } from '@jest/globals';
import { readDecided } from '../../../../src/stages/preservation/decided-by-the-moment.js';

const decidedIn = (text: string) =>
  readDecided(text, {
    momentOf: (name) => (name === 'public.make_code' ? 'chance' : null),
    answersByRows: (name) => name === 'public.limit_of',
  }).by;

const trigger = (body: string, declared = '') =>
  `owner public.f() CREATE OR REPLACE FUNCTION public.f()\n RETURNS trigger\n LANGUAGE plpgsql\nAS $function$${declared} begin ${body} return new; end$function$\n`;

const inSql = (body: string) =>
  `owner public.f() CREATE OR REPLACE FUNCTION public.f()\n RETURNS SETOF public.jobs\n LANGUAGE sql\nAS $function$${body}$function$\n`;

describe('readDecided', () => {
  it.each([
    ['a time that is noted', trigger('new.updated_at := now();')],
    ['one with the sign of SQL', trigger('new.updated_at = clock_timestamp();')],
    ['one behind a condition', trigger('if new is distinct from old then new.updated_at = now(); end if;')],
    ['one of a choice', trigger("new.cancelled_at := case when new.status = 'cancelled' then now() end;")],
    [
      'one instead of none',
      trigger('new.at := coalesce(new.at, now()); if new.at < old.at then return null; end if;'),
    ],
    ['one that is set', trigger('update public.t set at = now(), by = 1 where id = new.id and at < new.at;')],
    [
      'one that is set in place of another',
      trigger(
        'insert into public.log (at) values (now()) on conflict (id) do update set at = now() where log.at < excluded.at;',
      ),
    ],
    ['one by the name of an argument', trigger('new.x := public.make(a => now(), b => 2);')],
    ['one in a message', trigger("raise exception 'x' using detail = now()::text;")],
    [
      'what a row is given behind one',
      trigger(
        'insert into public.log (at) values (clock_timestamp()) returning id into v; if v is null then return null; end if;',
        'declare v int;',
      ),
    ],
    ['a time of a row', trigger("if new.expires_at < now() then raise exception 'gone'; end if;")],
    [
      'a time of a row that is read',
      trigger(
        'if exists (select from public.invites as i where i.code = new.code and i.expires_at > now()) then return null; end if;',
      ),
    ],
    [
      'a while since a row was written',
      trigger("if old.sent_at < now() - interval '15 minutes' then raise exception 'late'; end if;"),
    ],
    [
      'a while in figures',
      trigger("if age(new.born) < interval '18 years' then raise exception 'young'; end if;"),
    ],
    [
      'a time between two of a row',
      trigger('if not (now() between new.opens_at and new.closes_at) then return null; end if;'),
    ],
    ['a time of a row until now', trigger('if new.day between new.a and now() then return null; end if;')],
    [
      'the day of a row',
      trigger('if exists (select from public.days where day = current_date) then return null; end if;'),
    ],
    ['days between', trigger('new.days_left := new.due - current_date;')],
    ['whether a row is late', trigger('new.is_overdue := new.due < now();')],
    [
      'the time in a variable',
      trigger(
        "if old.updated_at + interval '5 minutes' < v then return null; end if;",
        'declare v timestamptz := now();',
      ),
    ],
    [
      'how many there were lately',
      trigger(
        "select count(*) into n from public.messages where author = new.author and created_at > now() - interval '1 minute'; if n > 20 then return null; end if;",
        'declare n int;',
      ),
    ],
    ['what a function knows', trigger('if now() > public.limit_of(new.id) then return null; end if;')],
    [
      'the year of a number',
      trigger(
        "v := extract(year from now()); select coalesce(max(number), 0) + 1 into new.number from public.invoices where year = v; new.label := to_char(now(), 'YYYY') || '-' || new.number;",
        'declare v int;',
      ),
    ],
    [
      'a code where there is none',
      trigger('if new.code is null then new.code := upper(substr(md5(random()::text), 1, 8)); end if;'),
    ],
    [
      'a code where it is blank',
      trigger("if new.code = '' then new.code := substr(md5(random()::text), 1, 8); end if;"),
    ],
    [
      'a code that nobody has',
      trigger(
        'loop v := public.make_code(); exit when not exists (select from public.rooms as r where r.code = v); end loop; new.code := v;',
        'declare v text;',
      ),
    ],
    [
      'a code, as long as somebody has it',
      trigger(
        'while exists (select from public.t where code = new.code) loop new.code := floor(random() * 10000)::text; end loop;',
      ),
    ],
    ['an id where there is none', trigger('if new.id is null then new.id := gen_random_uuid(); end if;')],
    [
      'the next number',
      trigger("new.number := nextval('public.n'); if new.total > 0 then new.x := 1; end if;"),
    ],
    [
      'the calls of an error',
      trigger(
        'begin insert into public.x values (1); exception when others then get stacked diagnostics c = pg_exception_context; insert into public.errors values (clock_timestamp(), c); end;',
        'declare c text;',
      ),
    ],
    [
      'a job that waits',
      inSql(
        "update public.jobs set taken_at = clock_timestamp() where id = (select id from public.jobs where taken_at is null or taken_at < now() - interval '1 hour' order by random() limit 1) returning *",
      ),
    ],
    ['a check of a row', 'CHECK ((starts_at > now()))'],
    ['a check of a domain', 'public day owner date CHECK ((VALUE <= CURRENT_DATE))'],
    ['a default', " (now() + '7 days'::interval)"],
    ['a code by default', ' substr(md5((random())::text), 1, 6)'],
    ['a number by default', " nextval('public.x'::regclass)"],
    [
      'when a trigger fires',
      'CREATE TRIGGER x BEFORE UPDATE ON public.t FOR EACH ROW WHEN ((old.at < now())) EXECUTE FUNCTION public.f()',
    ],
  ])('leaves %s', (_, text) => {
    expect(decidedIn(text)).toEqual([]);
  });

  const byTheTime = 'whether a day that its text names has come';
  const byHowLong = 'how long it takes, to decide something';
  const byChance = 'chance, to decide something';
  it.each([
    [
      'the time of a statement',
      trigger('if statement_timestamp() = transaction_timestamp() then return null; end if;'),
      byHowLong,
    ],
    [
      'it beside that of its transaction',
      trigger("new.hidden := clock_timestamp() - now() < interval '1 ms';"),
      byHowLong,
    ],
    [
      'it in a variable',
      trigger(
        'a := statement_timestamp(); if a > new.at then return null; end if;',
        'declare a timestamptz;',
      ),
      byHowLong,
    ],
    [
      'it read into a variable',
      trigger(
        'select statement_timestamp() into a; if a > new.at then return null; end if;',
        'declare a timestamptz;',
      ),
      byHowLong,
    ],
    [
      'it as a number',
      trigger('new.x := new.x * sign(extract(epoch from statement_timestamp() - now()));'),
      byHowLong,
    ],
    [
      'it where it is not another',
      trigger('new.x := coalesce(nullif(statement_timestamp(), now()), null);'),
      byHowLong,
    ],
    ['it in a check', 'CHECK ((statement_timestamp() <> now()))', byHowLong],
    ['the very time of a row', trigger('if new.created_at = now() then return null; end if;'), byTheTime],
    ['a day in figures', trigger('if now() > make_date(2027, 1, 1) then return null; end if;'), byTheTime],
    ['a day in figures in a check', 'CHECK ((now() < make_date(2027, 1, 1)))', byTheTime],
    ['a day in figures by default', ' (EXTRACT(year FROM now()) > (2026)::numeric)', byTheTime],
    ['a year', trigger('if extract(year from now()) > 2026 then return null; end if;'), byTheTime],
    [
      'a year in a constant',
      trigger(
        'if extract(year from now()) >= y then return null; end if;',
        'declare y constant int := 2027;',
      ),
      byTheTime,
    ],
    [
      'a year that is counted to',
      trigger('for i in 2027..2030 loop if extract(year from now()) = i then return null; end if; end loop;'),
      byTheTime,
    ],
    ['a year in words', trigger("if to_char(now(), 'YYYY') > '2026' then return null; end if;"), byTheTime],
    [
      'the time in a variable',
      trigger(
        "v := now(); if v > to_date('1.1.27', 'DD.MM.YY') then return null; end if;",
        'declare v timestamptz;',
      ),
      byTheTime,
    ],
    [
      'the day of a choice',
      trigger('return case when current_date > make_date(2027,1,1) then null else new end;'),
      byTheTime,
    ],
    [
      'a day of the week',
      trigger('if extract(isodow from now()) in (6, 7) then return null; end if;'),
      byTheTime,
    ],
    [
      'a year of a statement',
      trigger('delete from public.t where extract(year from now()) > 2026;'),
      byTheTime,
    ],
    ['chance', trigger('if random() < 0.0000001 then return null; end if;'), byChance],
    [
      'chance in a variable',
      trigger('r := random(); if r < 0.1 then return null; end if;', 'declare r float;'),
      byChance,
    ],
    ['chance in a choice', trigger('new.x := case when random() < 0.1 then 1 else 2 end;'), byChance],
    ['chance in a statement', trigger('delete from public.t where random() < 0.01;'), byChance],
    ['chance of a function', trigger("if public.make_code() < 'b' then return null; end if;"), byChance],
    ['chance of an id', trigger("if gen_random_uuid()::text like 'a%' then return null; end if;"), byChance],
    [
      'a row by chance',
      trigger('perform 1 from public.t where id = floor(random() * 100); if found then return null; end if;'),
      byChance,
    ],
    [
      'chance that a loop reads',
      trigger('for r in select random() loop if r < 0.1 then return null; end if; end loop;'),
      byChance,
    ],
    [
      'chance when a trigger fires',
      'CREATE TRIGGER x BEFORE UPDATE ON public.t FOR EACH ROW WHEN ((random() < (0.1)::double precision)) EXECUTE FUNCTION public.f()',
      byChance,
    ],
    ['chance that is answered', inSql('select random() < 0.5'), byChance],
    [
      'a number',
      trigger("if nextval('public.x') > 1000 then return null; end if;"),
      'how far a sequence has counted, to decide something',
    ],
    [
      'who calls',
      trigger(
        "get diagnostics st = pg_context; if st like '%x%' then return null; end if;",
        'declare st text;',
      ),
      'what calls it, to decide something',
    ],
  ])('finds %s', (_, text, by) => {
    expect(decidedIn(text)).toContain(by);
  });
});
