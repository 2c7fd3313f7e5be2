/**
 * The example client as a command: `npm run mqtt -- pub -t topic -m message`, `npm run mqtt -- sub -t topic`.
 *
 * Exits with 0, with 1 after an error or wrong use, with the Reason Code of a server that refuses, and with 27 when the
 * time of -W is over.
 */
import { UsageError } from './command/arguments.js';
import { HELP } from './command/help.js';
import { pub } from './command/pub.js';
import { sub } from './command/sub.js';
import { exitCodeOf, processSurface } from './command/surface.js';

const [command, ...args] = process.argv.slice(2);

try {
  if (args.includes('--help') || command === '--help') console.log(HELP);
  else if (command === 'pub') process.exitCode = await pub(args, processSurface());
  else if (command === 'sub') process.exitCode = await sub(args, processSurface());
  else throw new UsageError(`the first argument has to be pub or sub, not ${JSON.stringify(command ?? '')}`);
} catch (error) {
  if (!args.includes('--quiet')) {
    console.error(`Error: ${error instanceof Error ? error.message : String(error)}`);
    if (error instanceof UsageError) console.error('--help tells what there is.');
  }
  process.exitCode = exitCodeOf(error);
}
// Whatever is still read from stdin does not matter any more.
process.stdin.destroy();
