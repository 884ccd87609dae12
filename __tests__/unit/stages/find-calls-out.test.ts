import { describe, expect, it } from '@jest/globals';
import { followCalls } from '../../../src/stages/find-calls-out.js';

type Node = Parameters<typeof followCalls>[0][number];

let oids = 0;
const node = (name: string, more: Partial<Node> = {}): Node => {
  oids += 1;
  return {
    oid: String(oids),
    kind: 'function',
    name,
    called: `public.${name}`,
    body: '',
    extension: null,
    is_trusted: true,
    leads_to: [],
    ...more,
  };
};
const table = (name: string, leadsTo: readonly Node[] = []): Node =>
  node(name, { kind: 'table', leads_to: leadsTo.map(({ oid }) => oid) });

describe('followCalls', () => {
  const insert = 'insert into public.messages values (1)';

  it('finds nothing where nothing calls out, or nothing leads there', () => {
    const trigger = node('stamp', {
      body: 'begin new.at = now(); return new; end -- see https://example.org',
    });
    const elsewhere = node('ping', { body: "perform dblink('x')" });
    expect(
      followCalls([table('messages', [trigger]), trigger, table('orders', [elsewhere]), elsewhere], insert),
    ).toBeNull();
  });

  it.each<[string, Partial<Node>, string]>([
    ['dblink', { body: "perform dblink_exec('host=x', 'select 1')" }, 'public.f calls dblink_exec'],
    ['http', { body: "select http(('GET', 'x', null, null, null)::http_request)" }, 'public.f calls http'],
    ['pg_net', { body: 'perform net.http_post(url := x)' }, 'public.f calls net.http_post'],
    ['a program', { body: "copy public.t to program 'curl x'" }, 'public.f calls copy public.t to program'],
    ['another language', { is_trusted: false }, 'public.f is written in a language that may do anything'],
    ['an extension', { extension: 'http' }, 'public.f is of the extension http'],
    ['a foreign table', { kind: 'foreign table' }, 'public.f is a foreign table'],
  ])('finds %s behind a trigger and a function', (_what, more, said) => {
    const far = node('f', more);
    const near = node('near', { body: 'begin perform public."f"(new.id); return new; end' });
    expect(followCalls([table('messages', [near]), near, far], insert)).toBe(said);
  });

  it('follows keys, and what the scenario itself calls', () => {
    const far = node('ping', { body: "perform dblink('x')" });
    const child = table('reactions', [far]);
    expect(followCalls([table('messages', [child]), child, far], 'delete from public.messages')).toBe(
      'public.ping calls dblink',
    );
    expect(followCalls([far], 'select public.PING()')).toBe('public.ping calls dblink');
    expect(followCalls([], "select dblink('x')")).toBe('a scenario calls dblink(');
  });

  it('takes nothing of an extension for a call out that is none', () => {
    const digest = node('digest', { extension: 'pgcrypto', body: 'http(' });
    expect(followCalls([table('messages', [digest]), digest], insert)).toBeNull();
  });
});
