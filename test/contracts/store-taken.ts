import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Store } from './store-under-test.ts';

/** What the memory of taken deliveries promises, on whatever database. */
export function takenContract(store: () => Store): void {
  const aKey = () => `slack:${randomUUID()}`;
  const body = { text: 'O’Neil "quoted" \\ 日本 👍', nested: [1, null, { deep: true }], empty: '' };
  const row = async (key: string) => {
    const { rows } = await store().database.pool.query(
      `SELECT body, attempts, extract(epoch FROM "leasedUntil" - now()) AS seconds FROM "Taken" WHERE key = $1`,
      [key],
    );
    return rows[0] as { body: unknown; attempts: number; seconds: string | null } | undefined;
  };
  const lapse = (...keys: string[]) =>
    store().database.pool.query(
      `UPDATE "Taken" SET "leasedUntil" = now() - interval '1 millisecond' WHERE key = ANY($1::text[])`,
      [keys],
    );
  /** Of those abandoned, the ones that a test made. */
  const abandonedAmong = async (keys: readonly string[], tries = 4) =>
    (await store().taken.abandoned(tries)).filter(({ key }) => keys.includes(key));

  describe('a delivery', () => {
    it('is new once', async () => {
      const { taken } = store();
      const key = aKey();
      expect(await taken.take(key, body)).toBe(true);
      expect(await taken.take(key, body)).toBe(false);
      expect(await taken.take(aKey(), body)).toBe(true);
    });

    it('is new to one of eight that ask at once', async () => {
      const { taken } = store();
      const key = aKey();
      const asked = await Promise.all(Array.from({ length: 8 }, () => taken.take(key, body)));
      expect(asked.filter(Boolean)).toHaveLength(1);
    });

    it('is kept as it came, for the twenty seconds that its taker has', async () => {
      const { taken } = store();
      const key = aKey();
      await taken.take(key, body);
      const kept = await row(key);
      expect(kept).toMatchObject({ body, attempts: 1 });
      expect(Number(kept?.seconds)).toBeGreaterThan(15);
      expect(Number(kept?.seconds)).toBeLessThanOrEqual(20);
    });

    it('is known when it is done, but what it said is forgotten', async () => {
      const { taken } = store();
      const key = aKey();
      await taken.take(key, body);
      await taken.done(key);
      expect(await row(key)).toMatchObject({ body: null, seconds: null });
      expect(await taken.take(key, body)).toBe(false);
      expect(await abandonedAmong([key])).toEqual([]);
    });

    it('is kept without the characters that no database keeps', async () => {
      const { taken } = store();
      const key = aKey();
      expect(await taken.take(key, { text: 'a\u0000b\ud800c' })).toBe(true);
      await lapse(key);
      expect(await abandonedAmong([key])).toEqual([{ key, body: { text: 'ab\ufffdc' }, lastTry: false }]);
    });
  });

  describe('a delivery left lying', () => {
    it('is nobody else’s while its taker may be at it', async () => {
      const key = aKey();
      await store().taken.take(key, body);
      expect(await abandonedAmong([key])).toEqual([]);
    });

    it('is taken up with what it said, and then is its new taker’s', async () => {
      const key = aKey();
      await store().taken.take(key, body);
      await lapse(key);
      expect(await abandonedAmong([key])).toEqual([{ key, body, lastTry: false }]);
      expect(await abandonedAmong([key])).toEqual([]);
      const kept = await row(key);
      expect(kept?.attempts).toBe(2);
      expect(Number(kept?.seconds)).toBeGreaterThan(15);
    });

    it('is taken up by one of four that look at once', async () => {
      const keys = Array.from({ length: 10 }, aKey);
      for (const key of keys) await store().taken.take(key, body);
      await lapse(...keys);
      const found = await Promise.all(Array.from({ length: 4 }, () => abandonedAmong(keys)));
      expect(
        found
          .flat()
          .map(({ key }) => key)
          .sort(),
      ).toEqual([...keys].sort());
    });

    it('is taken up only so often', async () => {
      const key = aKey();
      await store().taken.take(key, body);
      for (let attempt = 2; attempt <= 4; attempt += 1) {
        await lapse(key);
        expect(await abandonedAmong([key])).toMatchObject([{ key, lastTry: attempt === 4 }]);
      }
      await lapse(key);
      expect(await abandonedAmong([key])).toEqual([]);
      // What it said is not kept for nothing: it may be a code.
      expect(await row(key)).toMatchObject({ body: null, seconds: null });
    });

    it('comes before those that came later, fifty at a time', async () => {
      const keys = Array.from({ length: 60 }, aKey);
      for (const key of keys) await store().taken.take(key, body);
      await lapse(...keys);
      const first = await store().taken.abandoned(4);
      expect(first).toHaveLength(50);
      const rest = await store().taken.abandoned(4);
      const [early, late] = [first, rest].map((found) =>
        found.map(({ key }) => keys.indexOf(key)).filter((at) => at >= 0),
      );
      expect(Math.max(...(early as number[]))).toBeLessThan(Math.min(...(late as number[])));
    });
  });
}
