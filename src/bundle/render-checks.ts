/** The checks of a bundle → SQL that asks all of them, raises an exception unless every one passes, and shows what they found. */
import type { Bundle, Check } from '../model.js';
import { renderBody } from './render-body.js';
import { splitStatements } from './split-statements.js';

/** In the transaction of the fix; gone with it. A part of the fix is not blamed for what it was not meant to repair. */
export function renderChecks(
  { checks }: Pick<Bundle, 'checks'>,
  { isWholeFix }: { readonly isWholeFix: boolean },
): string[] {
  return [
    `create temporary table found_by_checks (
    number integer, title text, object text, expected text, actual text, pass boolean
) on commit drop;`,
    ...checks.map(askCheck),
    ...(isWholeFix ? [raiseUnlessAllPass(checks)] : []),
    `select number, title, object, expected, actual, pass
from pg_temp.found_by_checks
order by number, pass, object;`,
  ];
}

function askCheck({ number, title, file }: Check): string {
  const [query] = splitStatements(renderBody(file));
  return `-- Check ${number}: ${title}
insert into pg_temp.found_by_checks
select ${number}, ${literal(title)}, found.object::text, found.expected::text, found.actual::text, found.pass
from (
${query?.text ?? ''}
) as found;`;
}

/** As in a deployment: a check that found no row, or says null, has not passed. */
function raiseUnlessAllPass(checks: readonly Check[]): string {
  const asked = checks.map(({ number, title }) => `(${number}, ${literal(title)})`).join(', ');
  return `-- Nothing is applied unless every check passes.
do $every_check$
declare
    failing text;
begin
    select pg_catalog.string_agg(
        pg_catalog.format(
            'check %s, %s: %s', asked.number, asked.title,
            case
                when found.number is null then 'found nothing to look at'
                else pg_catalog.format('%s is %s, expected %s', found.object, found.actual, found.expected)
            end
        ),
        E'\\n' order by asked.number
    )
    into failing
    from (values ${asked}) as asked (number, title)
    left join pg_temp.found_by_checks as found on found.number = asked.number
    where found.pass is not true;
    if failing is not null then
        raise exception E'Nothing was applied, because not every check passes:\\n%', failing;
    end if;
end
$every_check$;`;
}

/** Also within the body that is quoted by dollars. */
function literal(text: string): string {
  return `E'${text.replaceAll('$every_check$', '').replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}
