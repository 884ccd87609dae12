/** Words of what a rollback says that it kept, by which a report tells one kind of remark from another. */

/** Of values that are there still, where only the owner reads them. */
export const inHistory = 'in schema_fix_history.kept';

/** What it refuses about follows. */
export const refusesAgain = 'the fix, applied once more, refuses because of what was written since: ';
