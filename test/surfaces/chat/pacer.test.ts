import { describe, expect, it } from 'vitest';
import { createPacer } from '../../../src/surfaces/chat/pacer.ts';

const aPacer = () => {
  let at = 1_000_000;
  const pacer = createPacer(
    [
      { messages: 7, inMs: 1_000 },
      { messages: 8, inMs: 2_000 },
      { messages: 60, inMs: 30_000 },
    ],
    () => at,
  );
  return {
    wait: (conversation = 'a') => pacer.waitMs(conversation),
    pass: (ms: number) => {
      at += ms;
    },
  };
};

describe('the pacer of a conversation', () => {
  it('lets seven messages through at once, and the eighth a second later', () => {
    const { wait, pass } = aPacer();
    expect(Array.from({ length: 7 }, () => wait())).toEqual([0, 0, 0, 0, 0, 0, 0]);
    expect(wait()).toBe(1_000);
    pass(999);
    expect(wait()).toBe(1);
    pass(1);
    expect(wait()).toBe(0);
  });

  it('lets eight through in two seconds', () => {
    const { wait, pass } = aPacer();
    for (let count = 0; count < 7; count += 1) wait();
    pass(1_000);
    expect(wait()).toBe(0);
    expect(wait()).toBe(1_000);
    pass(1_000);
    expect(wait()).toBe(0);
  });

  it('lets sixty through in thirty seconds', () => {
    const { wait, pass } = aPacer();
    for (let count = 0; count < 60; count += 1) {
      expect(wait()).toBe(0);
      pass(300);
    }
    expect(wait()).toBe(12_000);
    pass(12_000);
    expect(wait()).toBe(0);
  });

  it('does not count what had to wait', () => {
    const { wait, pass } = aPacer();
    for (let count = 0; count < 7; count += 1) wait();
    for (let count = 0; count < 20; count += 1) wait();
    pass(2_000);
    expect(Array.from({ length: 7 }, () => wait())).toEqual([0, 0, 0, 0, 0, 0, 0]);
  });

  it('holds up no other conversation', () => {
    const { wait } = aPacer();
    for (let count = 0; count < 7; count += 1) wait('a');
    expect(wait('a')).toBeGreaterThan(0);
    expect(wait('b')).toBe(0);
  });
});
