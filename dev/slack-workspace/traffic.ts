import { setTimeout as sleep } from 'node:timers/promises';

const quietForMs = 50;

/** Counts what is on its way in either direction, so that tests can await silence. */
export function createTraffic() {
  let under = 0;
  let lastAt = performance.now();
  const during = async <T>(work: () => Promise<T>): Promise<T> => {
    under += 1;
    try {
      return await work();
    } finally {
      under -= 1;
      lastAt = performance.now();
    }
  };
  const idle = async (withinMs = 30_000): Promise<void> => {
    const giveUpAt = performance.now() + withinMs;
    const since = performance.now();
    while (under > 0 || performance.now() - Math.max(lastAt, since) < quietForMs) {
      if (performance.now() > giveUpAt)
        throw new Error(`the workspace is not idle after ${withinMs} ms: ${under} under way`);
      await sleep(5);
    }
  };
  return { during, idle };
}

export type Traffic = ReturnType<typeof createTraffic>;
