import { describe, expect, it } from 'vitest';
import { createPrecedence } from '../../src/jobs/precedence.ts';

describe('precedence', () => {
  it('gives whatever may wait its turn at once when nothing prompt runs', async () => {
    await createPrecedence().turn(60_000);
  });

  it('lets what is prompt go first, however it ends', async () => {
    const precedence = createPrecedence();
    const order: string[] = [];
    let fail: (error: Error) => void = () => undefined;
    const prompt = precedence
      .first(
        () =>
          new Promise<void>((_resolve, reject) => {
            fail = reject;
          }),
      )
      .catch(() => order.push('prompt'));
    const waiting = precedence.turn(60_000).then(() => order.push('waiting'));
    fail(new Error('broken'));
    await Promise.all([prompt, waiting]);
    expect(order.sort()).toEqual(['prompt', 'waiting']);
  });

  it('starves nobody', async () => {
    const precedence = createPrecedence();
    void precedence.first(() => new Promise(() => undefined));
    const before = performance.now();
    await precedence.turn(100);
    expect(performance.now() - before).toBeGreaterThanOrEqual(95);
  });
});
