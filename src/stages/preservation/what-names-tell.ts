/** Names that Postgres itself knows → what a body asks that uses them. */

/** They do depend on something, the zone of the session, say, but on nothing that tells one place from another. */
export const harmless = new RegExp(
  `^(${[
    'to_(char|date|timestamp|number|json|jsonb|tsquery|tsvector)|row_to_json|array_to_(json|string)|jsonb?_\\w+',
    'date(_\\w+)?|extract|timezone|make_timestamptz|timestamp\\w*|time|timetz|interval_pl_timestamptz|generate_series|overlaps|in_range',
    'concat|concat_ws|format|format_type|length|convert(_from|_to)?|quote_\\w+|enum_\\w+|money|numeric|xml|array_agg|textanycat|anytextcat',
    'gen_random_uuid|uuidv[47]|pg_get_serial_sequence|pg_advisory_\\w+|pg_typeof',
    'has_\\w+_privilege|pg_input_is_valid|plainto_tsquery|phraseto_tsquery|websearch_to_tsquery|ts_(headline|match_\\w+)|pg_event_trigger_\\w+',
  ].join('|')})$`,
);

export const theTime = 'the time';
/** Compared with a number or a text, they can name a day, or the zone that a client chooses. */
export const theTimeInFigures = 'the time in words or figures';
/** As the zone and the style of the session have it. */
export const howItIsShown = 'how the session shows a time or a value';
/** Which of two texts comes first, and what are letters, capitals and their kind. */
export const howItIsCollated = 'how the database sorts texts and tells letters';
export const namesADay = 'whether a day that its text names has come';
export const namesSomebody = 'whether it is somebody whom its text names';
export const aPartOfThePerson = 'a part of who it is, as many accounts have it';
export const allOfTheToken = 'all that the token says';
/** A fresh connection has null where one that made it before has a blank text. */
export const neverMade = 'whether a setting was never made on the connection';
/** The same policy is asked by a query and from within a trigger, by the owner and by others. */
const whereItIsAsked = 'where it is asked';
/** A lock that anybody may hold, a time that the client sets. */
export const whatOthersHold = 'what others hold at the moment, or what interrupts it';
/** A rehearsal's statement is never the first of its transaction. */
export const howLongItTakes = 'how long it takes';
/** As a text it is its name. */
export const itsNumber = 'the number of an object';
/** By the stack of calls. */
export const whoCalls = 'what calls it';
export const howMany = 'how many rows there are';
/** Without an order it is the planner's to say, and so whoever's settings decide how it plans. */
export const whichIsFirst = 'which of several rows comes first';
export const howFarCounted = 'how far a sequence has counted';

/** A map, for a column may be called as what every object of JavaScript has: constructor. */
export const ofMoment: ReadonlyMap<string, string> = new Map([
  ['now', theTime],
  ['statement_timestamp', howLongItTakes],
  ['transaction_timestamp', howLongItTakes],
  ['clock_timestamp', howLongItTakes],
  ['timeofday', howLongItTakes],
  ['age', theTime],
  ['current_date', theTime],
  ['current_time', theTime],
  ['current_timestamp', theTime],
  ['localtime', theTime],
  ['localtimestamp', theTime],
  ['pg_trigger_depth', whereItIsAsked],
  ['row_security_active', whereItIsAsked],
  ['random', 'chance'],
  ['random_normal', 'chance'],
  ['array_sample', 'chance'],
  ['array_shuffle', 'chance'],
  ['nextval', howFarCounted],
  ['currval', howFarCounted],
  ['lastval', howFarCounted],
]);
/** Words of SQL that look like a call where a precision is given, `current_timestamp(0)`. */
export const withPrecision = ['current_time', 'current_timestamp', 'localtime', 'localtimestamp'];
/** Written without parentheses. */
export const ofPlace = ['session_user', 'system_user', 'current_catalog', 'current_schema'];
export const ofRole = ['current_user', 'current_role', 'user'];
/** Calls that ask the same. */
export const callsOfRole = ['pg_has_role'];
/** They turn a time into figures or words, or figures into a time. */
export const turnsTimes = [
  'to_char',
  'to_timestamp',
  'date_part',
  'make_date',
  'make_timestamp',
  'make_timestamptz',
];
/** They show the zone of the session, which a client of PostgREST chooses by a header. */
export const showsTheZone = ['localtime', 'localtimestamp', 'current_time'];
/** They make a part or a digest of what they are given. */
export const makesAPart =
  /^(left|right|length|\w+_length|starts_with|replace|uuid_extract_\w+|substr|substring|overlay|split_part|strpos|position|ascii|reverse|translate|regexp_\w+|get_(byte|bit)|md5|sha\d+|digest|hmac|encode|\w*hash\w*|uuid_send)$/;
/** When and where a row was written. */
export const ofRow = ['xmin', 'xmax', 'cmin', 'cmax', 'ctid', 'tableoid'];
/** How far a sequence has counted, as the relation that it is tells. */
export const ofSequence = ['last_value', 'is_called'];
/** Of what is no more than a value, it is no matter. */
export const toDecide = 'to decide something';
/** Conditions that a session, or another one, brings about. */
export const ofInterruption = [
  'query_canceled',
  'lock_not_available',
  'deadlock_detected',
  'serialization_failure',
  'read_only_sql_transaction',
  'assert_failure',
  // As where a client sets restrict_nonsystem_relation_kind.
  'object_not_in_prerequisite_state',
];
