/** Teams' limits for a bot in one conversation: messages in so many milliseconds (Microsoft, "Rate limiting"). */
const limits = [
  { messages: 7, inMs: 1_000 },
  { messages: 8, inMs: 2_000 },
  { messages: 60, inMs: 30_000 },
] as const;

const longest = Math.max(...limits.map(({ inMs }) => inMs));

/**
 * Keeps one process under the limits of each conversation: `waitMs` is how long the next message there has to wait,
 * 0 for not at all, in which case it counts as sent. The platform's own 429 stays the last word.
 */
export function createPacer(now: () => number): { waitMs(conversationId: string): number } {
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
