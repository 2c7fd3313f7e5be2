// @ts-nocheck
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Timer } from '../../src/adapters/timer.js';

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the timer of a connection', () => {
  it('fires once, at the deadline', () => {
    const fire = vi.fn();
    new Timer(fire, {}).set(100);
    vi.advanceTimersByTime(99);
    expect(fire).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1_000);
    expect(fire).toHaveBeenCalledTimes(1);
  });

  it('stays armed while the deadline moves to later, and fires at the last one', () => {
    const fire = vi.fn();
    const timer = new Timer(fire, {});
    const armed = vi.spyOn(globalThis, 'setTimeout');
    for (let i = 0; i < 1_000; i++) timer.set(100 + i);
    expect(armed).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(1_098);
    expect(fire).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(fire).toHaveBeenCalledTimes(1);
    armed.mockRestore();
  });

  it('moves to an earlier deadline, and leaves off', () => {
    const fire = vi.fn();
    const timer = new Timer(fire, {});
    timer.set(1_000);
    timer.set(10);
    vi.advanceTimersByTime(10);
    expect(fire).toHaveBeenCalledTimes(1);
    timer.set(50);
    timer.set(undefined);
    vi.advanceTimersByTime(5_000);
    expect(fire).toHaveBeenCalledTimes(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('fires again at a deadline that is asked for again', () => {
    let rest = 3;
    const timer: Timer = new Timer(() => {
      if (--rest > 0) timer.set(100);
    }, {});
    timer.set(100);
    vi.advanceTimersByTime(110);
    expect(rest).toBe(0);
  });

  it.each([2 ** 31, 2 ** 40, Number.POSITIVE_INFINITY])('waits %d ms without firing early', (due) => {
    const fire = vi.fn();
    const timer = new Timer(fire, {});
    timer.set(due);
    vi.advanceTimersByTime(2 ** 31 - 1);
    expect(fire).not.toHaveBeenCalled();
    if (due === 2 ** 31) {
      vi.advanceTimersByTime(1);
      expect(fire).toHaveBeenCalledTimes(1);
    }
    timer.set(undefined);
  });

  it('waits on where the clock was turned back', () => {
    const fire = vi.fn();
    let ahead = 0;
    const timer = new Timer(fire, { now: () => Date.now() + ahead });
    timer.set(100);
    ahead = -1_000;
    vi.advanceTimersByTime(1_000);
    expect(fire).not.toHaveBeenCalled();
    vi.advanceTimersByTime(100);
    expect(fire).toHaveBeenCalledTimes(1);
  });

  it('tells a host that has its own alarm only what has changed, and again what has rung', () => {
    const arm = vi.fn();
    const timer = new Timer(() => {}, { arm });
    timer.set(100);
    timer.set(100);
    timer.set(200);
    expect(arm.mock.calls).toEqual([[100], [200]]);
    timer.forget();
    timer.set(200);
    timer.set(undefined);
    expect(arm.mock.calls).toEqual([[100], [200], [200], [undefined]]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
