import type { Received } from '../surfaces/chat/conversation.ts';
import type { PrismaClient } from './generated/client.ts';

/** {@link Received} on the database. Platforms give up retrying within minutes; the lease is longer than an answer takes. */
export const createReceived = (prisma: PrismaClient): Received => ({
  take: async (key) =>
    (await prisma.$executeRaw`
      INSERT INTO "Received" (key, "leasedUntil") VALUES (${key}, now() + interval '20 seconds')
      ON CONFLICT (key) DO UPDATE SET "leasedUntil" = now() + interval '20 seconds'
        WHERE "Received"."leasedUntil" < now()`) === 1,
  done: async (key) => {
    await prisma.received.updateMany({ where: { key }, data: { leasedUntil: null } });
  },
  release: async (key) => {
    await prisma.received.deleteMany({ where: { key } });
  },
});
