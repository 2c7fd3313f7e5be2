/**
 * The console as a program: `npx tsx docs/examples/console/main.ts [url] [field=value ...]`.
 *
 * Without a URL it starts the example broker on a free port of the loopback interface. Commands come from the
 * terminal, or piped in, one on a line; then it exits with 1 if one of them failed.
 */
import { serveLoopback } from '../broker/listeners.js';
import { Console } from './console.js';
import { Terminal } from './terminal.js';

const args = process.argv.slice(2);
const isInteractive = process.stdin.isTTY && process.stdout.isTTY;
const terminal = new Terminal({
  input: process.stdin,
  output: process.stdout,
  isInteractive,
  isColoured: process.stdout.isTTY && process.env['NO_COLOR'] === undefined,
  onInterrupt: () => interrupt(),
});
const commands = new Console(terminal);
const interrupt = (): void => {
  if (!commands.interrupt()) terminal.close();
};
// Whoever pipes this into `head` has seen enough.
process.stdout.on('error', () => process.exit(0));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, interrupt);

const url = /^[^=]*:\/\//.test(args[0] ?? '') ? args.shift() : undefined;
const broker = url === undefined ? await serveLoopback() : undefined;
if (broker !== undefined) terminal.print(`a broker of our own: ${broker.url}`);
await commands.begin([url ?? broker?.url ?? '', ...args]);
for (;;) {
  const line = await terminal.next('mqtt> ');
  if (line === undefined || !(await commands.run(line))) break;
}
terminal.close();
await commands.end();
await broker?.stop();
process.exitCode = !isInteractive && commands.hasFailed ? 1 : 0;
// A name that is still being resolved keeps nobody waiting.
process.stdin.destroy();
