/** Timers of any length that keep no process alive. */

/** The longest time that `setTimeout` waits, in milliseconds. */
const LONGEST = 0x7fffffff;

/** Calls back after that many milliseconds, unless the function it gives is called before. */
export function later(milliseconds: number, action: () => void): () => void {
  const due = Date.now() + milliseconds;
  let timer: NodeJS.Timeout;
  const wait = (): void => {
    const left = Math.max(due - Date.now(), 0);
    timer = setTimeout(left > LONGEST ? wait : action, Math.min(left, LONGEST)).unref();
  };
  wait();
  return () => clearTimeout(timer);
}
