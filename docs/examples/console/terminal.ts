/** The terminal, or whatever lines are piped in: one line after the other, and secrets without an echo. */
import { createInterface, type Interface } from 'node:readline';
import { type Readable, Writable } from 'node:stream';
import { UsageError } from '../client/command/arguments.js';

export interface TerminalOptions {
  readonly input: Readable;
  readonly output: Writable;
  /** Whether somebody sits there: there is a prompt and an editable line, and Ctrl-C interrupts. */
  readonly isInteractive: boolean;
  readonly isColoured: boolean;
  readonly onInterrupt: () => void;
}

export class Terminal {
  readonly #options: TerminalOptions;
  readonly #readline: Interface;
  readonly #lines: string[] = [];
  #waiter: ((line: string | undefined) => void) | undefined;
  #isClosed = false;
  /** A secret is being typed. */
  #isSecret = false;

  constructor(options: TerminalOptions) {
    this.#options = options;
    const { input, output, isInteractive: terminal, onInterrupt } = options;
    const echo = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        if (!this.#isSecret && terminal) output.write(chunk);
        done();
      },
    });
    this.#readline = createInterface({ input, output: echo, terminal, crlfDelay: Number.POSITIVE_INFINITY });
    this.#readline.on('line', (line) => this.#onLine(line));
    this.#readline.on('history', (history) => {
      if (this.#isSecret) history.shift();
    });
    this.#readline.on('SIGINT', () => {
      if (this.#isSecret) this.#take(undefined);
      else onInterrupt();
    });
    this.#readline.on('close', () => {
      this.#isClosed = true;
      this.#take(undefined);
    });
  }

  /** The next line; undefined: there will be none. */
  async next(prompt: string): Promise<string | undefined> {
    if (this.#options.isInteractive) {
      this.#readline.setPrompt(prompt);
      if (!this.#isClosed) this.#readline.prompt();
    }
    return this.#line();
  }

  /** Asks for a secret. Throws UsageError where there is no answer. */
  readonly ask = async (question: string): Promise<string> => {
    const { isInteractive, output } = this.#options;
    if (isInteractive) output.write(question);
    this.#isSecret = true;
    try {
      const answer = await this.#line();
      if (answer === undefined) throw new UsageError(`${question.replace(/: $/, '')}: no answer`);
      return answer;
    } finally {
      this.#isSecret = false;
      if (isInteractive) output.write('\n');
    }
  };

  /** Prints a line above the one that is being typed. */
  readonly print = (line: string): void => {
    const { isInteractive, output } = this.#options;
    const isTyping = isInteractive && this.#waiter !== undefined && !this.#isSecret;
    output.write(isTyping ? `\r\u001b[K${line}\n` : `${line}\n`);
    if (isTyping) this.#readline.prompt(true);
  };

  readonly paint = (colour: number, text: string): string =>
    this.#options.isColoured ? `\u001b[${colour}m${text}\u001b[0m` : text;

  close(): void {
    this.#readline.close();
  }

  async #line(): Promise<string | undefined> {
    const next = this.#lines.shift();
    if (next !== undefined || this.#isClosed) return next;
    this.#readline.resume();
    return new Promise((resolve) => {
      this.#waiter = resolve;
    });
  }

  #onLine(line: string): void {
    if (this.#waiter !== undefined) this.#take(line);
    else this.#lines.push(line);
    // While a command is at work no more is read, except from somebody who may want to interrupt it.
    if (!this.#options.isInteractive) this.#readline.pause();
  }

  #take(line: string | undefined): void {
    const waiter = this.#waiter;
    this.#waiter = undefined;
    waiter?.(line);
  }
}
