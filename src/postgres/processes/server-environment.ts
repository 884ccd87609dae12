/**
 * The environment of Postgres programs: a few named variables and nothing else. SQL that may start programs
 * (`copy … to program`) reads whatever its server was given, and a runner's environment holds tokens.
 */

/** What programs need to be found and to start: on Windows none starts without `SystemRoot`. */
const PASSED_ON = ['PATH', 'TMPDIR', 'TZ', 'SystemRoot', 'SystemDrive', 'windir', 'TEMP', 'TMP', 'PATHEXT'];

/** For this process; a test gives another one's environment. */
export function getServerEnvironment(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const passed = PASSED_ON.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]] as const]));
  return { ...Object.fromEntries(passed), LC_ALL: 'C' };
}
