/** So many messages in so many milliseconds. */
export interface Rate {
  readonly messages: number;
  readonly inMs: number;
}

export interface Pacer {
  /** How long the next message there has to wait; 0 for not at all, in which case it counts as sent. */
  waitMs(conversationId: string): number;
}

/** Keeps one process under a platform's limits for each conversation. The platform's own 429 stays the last word. */
export function createPacer(limits: readonly Rate[], now: () => number): Pacer {
  const longest = Math.max(...limits.map(({ inMs }) => inMs));
  const sent = new Map<string, number[]>();
  return {
    waitMs: (conversationId) => {
      const at = now();
      const recent = (sent.get(conversationId) ?? []).filter((time) => at - time < longest);
      const waits = limits.map(({ messages, inMs }) => {
        const oldest = recent[recent.length - messages];
        return oldest === undefined ? 0 : Math.max(0, oldest + inMs - at);
      });
      const wait = Math.max(...waits);
      if (wait === 0) recent.push(at);
      if (recent.length > 0) sent.set(conversationId, recent);
      if (sent.size > 10_000) for (const [id, times] of sent) if (at - (times.at(-1) ?? 0) > longest) sent.delete(id);
      return wait;
    },
  };
}
