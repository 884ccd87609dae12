import { describe, expect, it } from '@jest/globals';
import { parsePostgresUrl } from '../../../src/postgres/parse-postgres-url.js';
import { confirmTarget } from '../../../src/stages/confirm-target.js';

const project = 'abcdefghijklmnopqrst';
const other = 'tsrqponmlkjihgfedcba';
const pooler = `aws-0-eu-west-1.pooler.supabase.com:5432`;

const confirm = (address: string, typed: string) =>
  confirmTarget(
    parsePostgresUrl(`postgres://${address}`, 'database-url', { isSomebodys: true }),
    typed,
    'database-url',
  );

describe('confirmTarget', () => {
  it.each([
    ['u@localhost/app', 'app'],
    ['u@%2Fvar%2Frun%2Fpostgresql/app', 'app'],
    ['u@[::1]:5433/my%20app', 'my app'],
    ['u@db.example.com/app', 'db.example.com:5432/app'],
    ['u@[2001:db8::1]:5433/app', '[2001:db8::1]:5433/app'],
    [`postgres@db.${project}.supabase.co/postgres`, project],
    [`postgres@DB.${project}.supabase.co./postgres`, project],
    [`postgres.${project}@${pooler}/postgres`, project],
    // Another database of a project than the one that each has.
    [`postgres@db.${project}.supabase.co/shop`, `${project}/shop`],
    [`postgres.${project}@${pooler}/shop`, `${project}/shop`],
    // Who stands in between is no host of Supabase's: the user may say where it leads to.
    [`postgres.${project}@203.0.113.7/postgres`, `postgres.${project}@203.0.113.7:5432/postgres`],
    ['postgres.shop@pooler.example.com/postgres', 'postgres.shop@pooler.example.com:5432/postgres'],
  ])('takes of %s the word %s', (address, typed) => {
    expect(() => confirm(address, typed)).not.toThrow();
  });

  it.each([
    [
      'u@localhost/app',
      'App',
      'leads to the database "app". Type the name of the database that is to change.',
    ],
    [
      'u@db.example.com/app',
      'app',
      'leads to db.example.com:5432/app. Type that: a name alone may be that of many',
    ],
    ['u@localhost/app?host=db.example.com', 'app', 'leads to db.example.com:5432/app'],
    ['u@0.0.0.0/app', 'app', 'leads to 0.0.0.0:5432/app'],
    [
      `postgres@db.${project}.supabase.co/postgres`,
      'postgres',
      `leads to the project ${project}. Type the project's`,
    ],
    [`postgres@db.${project}.supabase.co/postgres`, other, `leads to the project ${project}.`],
    [
      `postgres@db.${project}.supabase.co/postgres`,
      `db.${project}.supabase.co:5432/postgres`,
      'leads to the project',
    ],
    [`postgres.${project}@${pooler}/postgres`, `${pooler}/postgres`, `leads to the project ${project}.`],
    // One word for two databases would confirm either.
    [
      `postgres@db.${project}.supabase.co/shop`,
      project,
      `leads to the database "shop" of the project ${project}.`,
    ],
    [`postgres.${project}@${pooler}/shop`, project, `Type ${project}/shop`],
    [`postgres.${project}@${pooler}/postgres`, `${project}/shop`, `leads to the project ${project}.`],
    [`postgres.${project}@${pooler}/postgres?dbname=shop`, project, `Type ${project}/shop`],
    [`postgres.${project}@${pooler}/Postgres`, project, `Type ${project}/Postgres`],
    [`postgres.${project}@${pooler}/%20postgres`, project, `Type ${project}/ postgres`],
    // Supabase is known by its hosts, not by what a user is called.
    [`postgres.${project}@db.example.com/postgres`, project, 'leads to postgres.'],
    [`postgres.${project}@pooler.supabase.com.example.com/postgres`, project, 'leads to postgres.'],
    [`postgres.${project}@supabase.com.example.com/postgres`, project, 'leads to postgres.'],
    [`postgres.${project}@evilsupabase.com/postgres`, project, 'leads to postgres.'],
    [
      `postgres.${project}@db.example.com/postgres`,
      'db.example.com:5432/postgres',
      'Type that, with the user',
    ],
    // The direct host is one project's, whoever the user says that they are.
    [`postgres.${other}@db.${project}.supabase.co/postgres`, other, `leads to the project ${project}.`],
    [
      `postgres@${pooler}/postgres`,
      `${pooler}/postgres`,
      'is shared by many projects, and the user postgres does not say',
    ],
    [`postgres@${pooler}/postgres`, 'unknown', 'is shared by many projects'],
  ])('does not take of %s the word %s', (address, typed, message) => {
    expect(() => confirm(address, typed)).toThrow(message);
  });
});
