/** Migrations of one folder → those that build the database, in their order: what undoes is left out. */

export interface Migration {
  /** Of the file, or of the folder that it lies in. */
  readonly name: string;
  readonly path: string;
}

/** golang-migrate's and others' `.down.sql`, Flyway's `U1__`, Postgrator's `1.undo.name.sql`. */
const undoing = /\.(down|undo|rollback|revert|reverse)\.sql$|^U\d[\w.]*__.*\.sql$|^\d+\.undo\..*sql$/i;

/** By hand, `1_a_down.sql` beside `1_a.sql` or `1_a_up.sql`; alone it is a migration of that name: `1_drill_down.sql`. */
const undoingBesideDoing = /[_-](down|undo|rollback|revert|reverse)\.sql$/i;
const doingBesideUndoing = /([._-]up)?\.sql$/i;

/** Flyway: versioned, baseline, repeatable. */
const flyway = /^(?:([VB])(\d+(?:[._]\d+)*)__|R__).*\.sql$/;

export function orderMigrations(migrations: readonly Migration[]): string[] {
  const doing = thoseThatDo(migrations);
  return sorterOf(doing)(doing).map(({ path }) => path);
}

/** Supabase and dbmate: by the file's name as a text, also where its numbers are of different lengths. */
export function orderByName(migrations: readonly Migration[]): string[] {
  return thoseThatDo(migrations)
    .sort(byName)
    .map(({ path }) => path);
}

/** Those without a number beside some that have one: no tool's convention says when they are run. */
export function findUnnumbered(migrations: readonly Migration[]): Migration[] {
  const doing = thoseThatDo(migrations);
  const isMixed = sorterOf(doing) === sortByNumber && doing.some(({ name }) => /^\d+[-_. ]/.test(name));
  return isMixed ? doing.filter(({ name }) => !/^\d/.test(name)) : [];
}

function thoseThatDo(migrations: readonly Migration[]): Migration[] {
  const undone = new Set(
    migrations
      .filter(({ name }) => !undoingBesideDoing.test(name))
      .map(({ name }) => name.replace(doingBesideUndoing, '')),
  );
  return ofPostgres(
    migrations.filter(
      ({ name }) =>
        !undoing.test(name) &&
        !(undoingBesideDoing.test(name) && undone.has(name.replace(undoingBesideDoing, ''))),
    ),
  );
}

/** Beside files of `.up.sql`: sqlx runs those without it, too, golang-migrate does not. */
export function findWithoutUp(migrations: readonly Migration[]): Migration[] {
  const doing = thoseThatDo(migrations);
  const isUp = ({ name }: Migration) => /\.up\.sql$/i.test(name);
  return doing.some(isUp) ? doing.filter((migration) => !isUp(migration) && /^\d/.test(migration.name)) : [];
}

/** As their tool does. */
function sorterOf(migrations: readonly Migration[]): (migrations: readonly Migration[]) => Migration[] {
  if (migrations.some(({ name }) => isOfFlyway(name))) return orderFlyway;
  // Prisma: by the name of the folder as a text, also where its numbers are of different lengths.
  if (migrations.every(({ path }) => /[/\\]migration\.sql$/.test(path)))
    return (all) => [...all].sort(byName);
  return migrations.some(isOfDiesel) ? orderDiesel : sortByNumber;
}

/** A folder a migration, as Hasura has them, too; the dashes of the version are Diesel's alone. */
function isOfDiesel({ name, path }: Migration): boolean {
  return isFolder(path) && /^\d{4}-\d\d-\d\d-[\d-]+_|^0+_diesel_initial_setup$/.test(name);
}

const isFolder = (path: string) => /[/\\]up\.sql$/.test(path);

/** By version, which is what stands before the first `_` without its dashes, as a text; loose files it does not run. */
function orderDiesel(migrations: readonly Migration[]): Migration[] {
  const version = (name: string) => name.split('_', 1)[0]?.replaceAll('-', '') ?? '';
  return migrations
    .filter(({ path }) => isFolder(path))
    .sort((one, other) => {
      const [left, right] = [version(one.name), version(other.name)];
      return left === right ? byName(one, other) : left < right ? -1 : 1;
    });
}

const dialect = /\.(postgres(?:ql)?|pg|mysql|mariadb|sqlite3?|cockroach|mssql)(?=(?:\.\w+)*\.sql$)/i;

function isOfOurDialect(name: string): boolean {
  return /^\.(postgres|pg)/i.test(dialect.exec(name)?.[0] ?? '');
}

/** pop: of one migration a file a database, and one without its name for all that have none; Ory's says of some `.autocommit`, too. */
function ofPostgres(migrations: readonly Migration[]): Migration[] {
  const forAll = (name: string) => name.replace(dialect, '').replace(/\.autocommit(?=\.\w+\.sql$)/i, '');
  const ours = new Set(migrations.filter(({ name }) => isOfOurDialect(name)).map(({ name }) => forAll(name)));
  return migrations.filter(({ name }) =>
    dialect.test(name) ? isOfOurDialect(name) : !ours.has(forAll(name)),
  );
}

/** Whether it is one of Flyway's: no other tool's names begin so. */
export function isNamedByFlyway(name: string): boolean {
  return flyway.test(name);
}

/** Whether its tool would run it nowhere, or on another database alone. */
export function isOfNoUse(name: string): boolean {
  return (
    undoing.test(name) ||
    undoingBesideDoing.test(name) ||
    /^down\.sql$/i.test(name) ||
    (dialect.test(name) && !isOfOurDialect(name))
  );
}

/** Whether it has a version, as Flyway writes it. */
export function isOfFlyway(name: string): boolean {
  return /^[VB]\d+(?:[._]\d+)*__/.test(name);
}

/** Its callbacks that are run once, whatever there is to migrate: `afterMigrate.sql`, `afterMigrate__grants.sql`. */
const callbacks = {
  before: /^beforeMigrate(?:__.*)?\.sql$/,
  after: /^afterMigrate(?:Applied)?(?:__.*)?\.sql$/,
};

/** By version, from the newest baseline on, then the repeatable ones by name, between the callbacks; a file of another name Flyway does not run. */
function orderFlyway(migrations: readonly Migration[]): Migration[] {
  const found = migrations.map((migration) => {
    const [, kind, version] = flyway.exec(migration.name) ?? [];
    return { migration, kind, version: version?.split(/[._]/).map(BigInt) ?? [] };
  });
  const versioned = found
    .filter(({ kind }) => kind !== undefined)
    .sort((one, other) => compareNumbers(one.version, other.version) || (one.kind === 'B' ? -1 : 1));
  const baseline = versioned.findLastIndex(({ kind }) => kind === 'B');
  const after = versioned.slice(Math.max(0, baseline)).filter(({ kind, version }, index) => {
    const start = versioned[baseline];
    // The baseline stands for the migration of its own version, too.
    return index === 0 || start === undefined || kind === 'B' || compareNumbers(version, start.version) > 0;
  });
  const named = (pattern: RegExp) => migrations.filter(({ name }) => pattern.test(name)).sort(byName);
  return [
    ...named(callbacks.before),
    ...after.map(({ migration }) => migration),
    ...named(/^R__.*\.sql$/),
    ...named(callbacks.after),
  ];
}

/** By the number or time in front, however many digits it has; where a name has none, by name. */
function sortByNumber(migrations: readonly Migration[]): Migration[] {
  return [...migrations].sort(
    (one, other) => compareNumbers(numbersOf(one.name), numbersOf(other.name)) || byName(one, other),
  );
}

function numbersOf(name: string): bigint[] {
  const number = /^(\d+)/.exec(name)?.[1];
  return number === undefined ? [] : [BigInt(number)];
}

function compareNumbers(one: readonly bigint[], other: readonly bigint[]): number {
  for (let index = 0; index < Math.max(one.length, other.length); index += 1) {
    const [left, right] = [one[index] ?? -1n, other[index] ?? -1n];
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}

function byName(one: Migration, other: Migration): number {
  return one.name < other.name ? -1 : 1;
}
