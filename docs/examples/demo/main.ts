/**
 * Real clients and brokers, every packet explained: `npm run demo`.
 *
 * Two conversations of a client that is not ours with the example broker, one for each version, and one of the example
 * client with a broker that is not ours, all over TCP on the loopback interface, with a tap in between. Exits with 0
 * only if every packet was seen that should have been, and no other.
 *
 * A project of your own imports from 'puremqtt' what these files import from the sources.
 */
import { demo, PARTS } from './demo.js';
import { wantsColour } from './print.js';

// Whoever pipes this into `head` has seen enough: that is no failure.
process.stdout.on('error', () => {});

const succeeded = await demo(PARTS, {
  write: (line) => console.log(line),
  writeError: (line) => console.error(line),
  colour: wantsColour(process.stdout, process.env),
  timeLimit: 10_000,
});
process.exitCode = succeeded ? 0 : 1;
