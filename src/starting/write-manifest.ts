/** A plan → bundle.yml. */
import { writeTableName } from '../bundle/table-name.js';
import type { Actor } from '../model.js';
import { keyOf, otherRoles, type Plan, usersOf } from './plan.js';
import { keyNameOf, type Table } from './there.js';
import { platformOf } from './write-platform.js';

export function writeManifest(plan: Plan): string {
  const { title, deployer, tables, owned } = plan;
  const reason = 'everybody reached the rows of everybody';
  const differences = [...owned.keys()].flatMap((table) =>
    ['read', 'change', 'delete', 'add'].map(
      (verb) =>
        `    - { table: ${inFlow(table)}, verb: ${verb}, outcome: lost, when: open, reason: ${reason} }`,
    ),
  );
  const newKeys = tables.filter(({ name }) => plan.newKeys.has(name));
  return `${[
    '# yaml-language-server: $schema=./bundle.schema.json',
    `title: ${JSON.stringify(title)}`,
    `platform: ${platformOf(plan).name}`,
    `deployer: ${deployer}   # who owns the tables and applies the fix; no superuser`,
    'tables:',
    ...tables.map(({ name }) => `  - ${writeTableName(name)}`),
    'preserve:               # no row may be lost, and by these facts they are told',
    ...tables.flatMap((table) => writeKind(table, plan)),
    ...(differences.length > 0
      ? [
          'access:                 # who reaches which row afterwards is in access/; this is what they lose by it',
          '  differences:',
          ...differences,
        ]
      : []),
    ...(newKeys.length > 0
      ? [
          'changes:                # what refuses from now on what could be written before',
          ...newKeys.map(
            ({ name }) => `  - ${JSON.stringify(`constraint ${keyNameOf(name)} on ${writeTableName(name)}`)}`,
          ),
        ]
      : []),
    'actors:                 # who the scenarios and the proof of access speak of',
    ...usersOf(plan).map(writeUser),
    ...otherRoles(plan).map((role) => `  ${role}: { role: ${role} }`),
  ].join('\n')}\n`;
}

/** Where YAML would read a bracket or a comma of the name. */
function inFlow(table: string): string {
  const written = writeTableName(table);
  return written === table ? table : JSON.stringify(written);
}

function writeUser({ name, role, subject }: Actor): string {
  const claims = subject === null ? '' : `, claims: { sub: ${JSON.stringify(subject)} }`;
  return `  ${name}: { role: ${role}${claims} }`;
}

function writeKind(table: Table, plan: Plan): string[] {
  const known = keyOf(plan, table);
  const columns = known.length > 0 ? known : whatTells(table);
  const facts = columns.map((name, index) => {
    const type = table.columns.find((column) => column.name === name)?.type ?? '';
    const told = type === 'uuid' || type === 'bigint' ? type : 'text';
    const numbered = index === 0 ? 'key' : `key_${index + 1}`;
    const isName = /^[a-z][a-z0-9_]*$/.test(name);
    const fact = known.length > 0 ? numbered : isName ? name : `fact_${index + 1}`;
    return `      ${fact}: { columns: [${JSON.stringify(name)}], type: ${told} }`;
  });
  return [
    `  - name: ${JSON.stringify(table.name)}`,
    `    from: [${inFlow(table.name)}]`,
    `    to: [${inFlow(table.name)}]`,
    known.length > 0
      ? '    facts:'
      : '    facts:              # no key: rows that are alike in these are not told apart',
    ...facts,
  ];
}

/** Without a key: what leads to other tables, room and user of a membership; where nothing does, all that the rows say. */
function whatTells({ columns, keys }: Table): string[] {
  const leading = new Set(keys.flatMap((key) => key.columns));
  const own = columns.filter(({ isGenerated }) => !isGenerated).map(({ name }) => name);
  const found = own.filter((name) => leading.has(name));
  return found.length > 0 ? found : own.length > 0 ? own : columns.map(({ name }) => name);
}
