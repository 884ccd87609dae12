import { describe, expect, it } from '@jest/globals';
import { joinActors } from '../../../../src/stages/access/join-actors.js';
import type { Person } from '../../../../src/stages/access/people.js';

const person = (
  kind: Person['kind'],
  claims: Readonly<Record<string, unknown>>,
  session: Person['settings'] = {},
): Person => ({
  kind,
  name: 'ann',
  role: 'app_user',
  settings: { search_path: 'public', 'request.jwt.claims': JSON.stringify(claims), ...session },
});
const account = person('in the data', { role: 'app_user', email: 'ann@example.org', sub: 'ann' });

describe('joinActors', () => {
  it('takes an actor whose account is in the data for that account', () => {
    const actor = person('actor', { role: 'app_user', sub: 'ann' });
    expect(joinActors([account], [actor])).toEqual([{ ...account, kind: 'actor' }]);
  });

  it('does not where the actor claims what the account does not', () => {
    const admin = person('actor', { role: 'app_user', sub: 'ann', app_metadata: { admin: true } });
    expect(joinActors([account], [admin])).toEqual([account, admin]);
  });

  it('nor where the application sets something else for the actor, but for what is blank', () => {
    const inTenant = person('in the data', {}, { 'app.user_id': 'ann', 'app.tenant': '7' });
    const elsewhere = person('actor', {}, { 'app.user_id': 'ann', 'app.tenant': '8' });
    const nowhere = person('actor', {}, { 'app.user_id': 'ann', 'app.tenant': '' });
    expect(joinActors([inTenant], [elsewhere, nowhere])).toEqual([inTenant, elsewhere, nowhere]);
    const alone = person('in the data', {}, { 'app.user_id': 'ann' });
    expect(joinActors([alone], [nowhere])).toEqual([{ ...alone, kind: 'actor' }]);
  });

  it('nor for somebody else, or in another role', () => {
    const actor = person('actor', { role: 'app_user', sub: 'ann' });
    const others = [
      { ...actor, name: 'ben' },
      { ...actor, role: 'admin' },
    ];
    expect(joinActors([account], others)).toEqual([account, ...others]);
  });
});
