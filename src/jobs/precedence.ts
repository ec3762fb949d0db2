/** What has to be prompt goes before what may wait a moment, within one process. */
export interface Precedence {
  /** Runs something prompt. */
  first<T>(run: () => Promise<T>): Promise<T>;
  /** Resolves when nothing prompt runs, and at the latest after `withinMs`: waiting is not starving. */
  turn(withinMs: number): Promise<void>;
}

export function createPrecedence(): Precedence {
  let running = 0;
  const waiting = new Set<() => void>();
  return {
    first: async (run) => {
      running += 1;
      try {
        return await run();
      } finally {
        running -= 1;
        if (running === 0) for (const go of waiting) go();
      }
    },
    turn: (withinMs) =>
      running === 0
        ? Promise.resolve()
        : new Promise((resolve) => {
            const go = () => {
              clearTimeout(timer);
              waiting.delete(go);
              resolve();
            };
            const timer = setTimeout(go, withinMs);
            waiting.add(go);
          }),
  };
}
