import { readFileSync, writeFileSync, readdirSync } from 'node:fs';
import { it } from '@jest/globals';
import { makePrelude } from '../../src/stages/prelude.js';
import { setSettings } from '../../src/stages/set-settings.js';
import { loadChatBundle, useChatDatabases } from '../support/chat-bundle.js';
const bundle = await loadChatBundle();
const withChatDatabase = useChatDatabases(bundle);
it('says what is to be decided', async () => {
  const extra = (process.env.EXTRA ?? '').split(' ').filter((x) => x !== '');
  const files = extra.flatMap((d) => d.endsWith('.sql') ? [d] : readdirSync(d).filter((f) => f.endsWith('.sql')).map((f) => `${d}/${f}`));
  const states = files.length > 0 ? files.map((f) => ({ ...bundle.states[0], name: f, files: [{ path: f, text: (f.startsWith('/') ? 'set search_path = public, extensions;\n' : '') + readFileSync(f, 'utf8') }] })) : bundle.states;
  const out: string[] = [];
  for (const state of states as typeof bundle.states) {
    let text = '';
    try {
      text = await withChatDatabase(state, async (open) => {
        await open.query('begin');
        await setSettings(open, bundle);
        const problem = await makePrelude(open, bundle);
        if (problem !== null) return `PRELUDE ${problem.message}`;
        const { rows } = await open.query(process.env.QUERY ?? 'select name, problem from schema_fix.decisions()');
        await open.query('rollback');
        return rows.map((r) => process.env.QUERY ? '   ' + JSON.stringify(r) : `    (${r.name}) ${r.problem}`).join('\n');
      });
    } catch (e) { text = `ERROR ${String(e).slice(0, 300)}`; }
    out.push(`${state.name} ${state.expectation.kind}\n${text}`);
    writeFileSync(process.env.OUT ?? '/tmp/s20c/dec.txt', out.join('\n'));
  }
}, 1_500_000);
