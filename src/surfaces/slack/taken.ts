/**
 * What Slack has been told that it is taken care of. It is written down before Slack is answered, so that a process that
 * dies in between leaves it to another one; and it is known by its key from then on, so that nothing is done twice.
 */
export interface Taken {
  /** Writes it down; false when it was there already. */
  take(key: string, body: Readonly<Record<string, unknown>>): Promise<boolean>;
  /** Nothing is left to do; what it said is forgotten, that it was there is not. */
  done(key: string): Promise<void>;
  /** What was taken on and left lying, fewer than `tries` times; it counts as taken on anew. The others are forgotten. */
  abandoned(
    tries: number,
  ): Promise<{ readonly key: string; readonly body: Readonly<Record<string, unknown>>; readonly lastTry: boolean }[]>;
}
