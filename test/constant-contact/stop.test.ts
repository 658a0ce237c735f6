import { describe, expect, it, vi } from 'vitest';
import { Stop } from '../../src/constant-contact/stop.js';

describe('a stop signal', () => {
  it('calls each listener once, and none that was removed', () => {
    const stop = new Stop();
    const [one, other, left] = [vi.fn(), vi.fn(), vi.fn()];
    for (const listener of [one, one, other, left]) stop.addEventListener('abort', listener);
    stop.removeEventListener('abort', left);
    const why = new Error('why');
    stop.abort(why);
    stop.abort(new Error('too late'));
    expect([one, other, left].map((listener) => listener.mock.calls.length)).toEqual([1, 1, 0]);
    expect(stop).toMatchObject({ aborted: true, reason: why });
    expect(() => {
      stop.throwIfAborted();
    }).toThrow(why);
  });

  it('calls remaining and later listeners when the first was removed', () => {
    const stop = new Stop();
    const [first, second, third] = [vi.fn(), vi.fn(), vi.fn()];
    for (const listener of [first, second]) stop.addEventListener('abort', listener);
    stop.removeEventListener('abort', first);
    for (const listener of [third, second]) stop.addEventListener('abort', listener);
    stop.abort();
    expect([first, second, third].map((listener) => listener.mock.calls.length)).toEqual([0, 1, 1]);
  });

  it('does not call a listener that another one removes or adds while it fires', () => {
    const stop = new Stop();
    const [left, added] = [vi.fn(), vi.fn()];
    stop.addEventListener('abort', () => {
      stop.removeEventListener('abort', left);
      stop.addEventListener('abort', added);
    });
    stop.addEventListener('abort', left);
    stop.abort();
    expect([left, added].map((listener) => listener.mock.calls.length)).toEqual([0, 0]);
  });

  it('does not call a listener added after it fired', () => {
    const stop = new Stop();
    stop.abort();
    const late = vi.fn();
    stop.addEventListener('abort', late);
    stop.abort();
    expect(late).not.toHaveBeenCalled();
    expect(stop.reason).toMatchObject({ name: 'AbortError' });
  });

  it('follows another signal of either kind, before and after that fired, until it is detached', () => {
    for (const source of [new Stop(), new AbortController()]) {
      const signal = source instanceof Stop ? source : source.signal;
      const [follower, leaver, late] = [new Stop(), new Stop(), new Stop()];
      follower.follow(signal);
      leaver.follow(signal)();
      const why = new Error('why');
      source.abort(why);
      late.follow(signal);
      expect([follower, leaver, late].map(({ aborted }) => aborted)).toEqual([true, false, true]);
      expect([follower.reason, late.reason]).toEqual([why, why]);
    }
  });

  it('exposes the same AbortSignal, requested before or after it fired', () => {
    const stop = new Stop();
    const { signal } = stop;
    expect(signal).toBeInstanceOf(AbortSignal);
    expect(signal.aborted).toBe(false);
    const why = new Error('why');
    stop.abort(why);
    expect(signal.reason).toBe(why);
    const late = new Stop();
    late.abort(why);
    expect(late.signal.reason).toBe(why);
  });
});
