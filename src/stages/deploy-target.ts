/** The fix deployed to somebody's database: kept only when every proof passed. */
import type { Session } from '../database/with-session.js';
import type { Bundle, Progress, SubjectResult } from '../model.js';
import { deployFix } from './deploy-fix.js';
import type { FixOptions } from './fix-options.js';
import { judgeSubject } from './judge-subject.js';
import { withholdContent } from './withhold-content.js';

export type DeployOptions = Pick<
  FixOptions,
  'sections' | 'lockTimeout' | 'statementTimeout' | 'guards' | 'record' | 'findings'
>;

export async function deployTarget(
  session: Session,
  bundle: Bundle,
  { progress, place, ...options }: DeployOptions & { readonly progress: Progress; readonly place: string },
): Promise<SubjectResult> {
  const startedAt = performance.now();
  const { rows } = await session.query<{ name: string }>('select pg_catalog.current_database() as name');
  const name = rows[0]?.name ?? '';
  progress({ kind: 'subject-started', subject: name, title: place });
  const { found, committed } = await deployFix(session, bundle, {
    ...options,
    place: 'target',
    expectedQuarantine: null,
    onNotice: (section, text) => progress({ kind: 'notice', subject: name, section, text }),
    onWait: (text) => progress({ kind: 'waiting', subject: name, text }),
    onStage: (stage) => progress({ kind: 'stage-started', subject: name, stage }),
  });
  const isPlan = options.guards?.ending === 'rollback';
  const isWholeFix = options.sections.length === bundle.sections.length;
  const result: SubjectResult = {
    kind: 'target',
    name,
    title: place,
    ...withholdContent(found, bundle),
    outcome: committed === 'yes' || isPlan ? judgeSubject(found, isWholeFix) : 'fail',
    committed,
    milliseconds: performance.now() - startedAt,
  };
  progress({ kind: 'subject-finished', result });
  return result;
}
