import type { Received } from '../surfaces/chat/conversation.ts';
import type { PrismaClient } from './generated/client.ts';

/** {@link Received} on the database. The lease is longer than an answer may take (Teams shows an error after 5 s). */
export const createReceived = (prisma: PrismaClient): Received => ({
  take: async (key) => {
    const taken = await prisma.$executeRaw`
      INSERT INTO "Received" (key, "leasedUntil") VALUES (${key}, now() + interval '8 seconds')
      ON CONFLICT (key) DO UPDATE SET "leasedUntil" = now() + interval '8 seconds'
        WHERE "Received"."leasedUntil" < now()`;
    if (taken === 1) return 'mine';
    const row = await prisma.received.findUnique({ where: { key } });
    return row && !row.leasedUntil ? 'answered' : 'held';
  },
  done: async (key) => {
    await prisma.received.updateMany({ where: { key }, data: { leasedUntil: null } });
  },
  release: async (key) => {
    await prisma.received.deleteMany({ where: { key, leasedUntil: { not: null } } });
  },
});
