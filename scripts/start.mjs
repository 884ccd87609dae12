/** `npm start`: the command line of this checkout. Its main job, `rehearse`, where no command is named. */
const [first] = process.argv.slice(2);
if (first === undefined || first.startsWith('-')) process.argv.splice(2, 0, 'rehearse');
await import('../lib/cli.js');
