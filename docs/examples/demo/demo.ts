/** The parts of the demo, run one after another and judged. */
import type { Part } from './parts.js';
import { hexLines, inWords } from './print.js';
import { thirdPartyBroker } from './third-party-broker.js';
import { thirdPartyClient } from './third-party-client.js';
import { type Exchange, Transcript } from './transcript.js';

export const PARTS: readonly Part[] = [thirdPartyClient(4), thirdPartyClient(5), thirdPartyBroker];

export interface DemoOptions {
  readonly write: (line: string) => void;
  readonly writeError: (line: string) => void;
  readonly colour: boolean;
  /** For all parts together, in milliseconds. */
  readonly timeLimit: number;
}

/** Runs the parts one after another; true if all went as it should. */
export async function demo(parts: readonly Part[], options: DemoOptions): Promise<boolean> {
  const { write, writeError, timeLimit } = options;
  const controller = new AbortController();
  const timer = setTimeout(
    () => controller.abort(new Error(`not done after ${timeLimit / 1000} s`)),
    timeLimit,
  );
  try {
    for (const part of parts) {
      write(`\n${part.title}\n`);
      const transcript = new Transcript((exchange) => show(exchange, options), controller.signal);
      await part.run(transcript);
      transcript.check(part.expected);
      write(`\nall ${part.expected.length} packets seen`);
    }
    return true;
  } catch (error) {
    writeError(`\nFAILED: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  } finally {
    clearTimeout(timer);
  }
}

function show({ from, version, packet, frame }: Exchange, { write, colour }: DemoOptions): void {
  const arrow = from === 'client' ? 'client → broker' : 'client ← broker';
  const words = `${arrow}  ${inWords(packet, version)}`;
  write(colour ? `\u001b[1m${words}\u001b[0m` : words);
  for (const line of hexLines(frame, version, colour)) write(line);
}
