import type { SealedStore } from '../surfaces/slack/installations.ts';
import type { PrismaClient } from './generated/client.ts';

/** {@link SealedStore} on the database. */
export const createSealedInstallations = (prisma: PrismaClient): SealedStore => ({
  put: async (id, bytes) => {
    const sealed = new Uint8Array(bytes);
    await prisma.slackInstallation.upsert({
      where: { id },
      create: { id, sealed },
      update: { sealed, updatedAt: new Date() },
    });
  },
  get: async (id) => (await prisma.slackInstallation.findUnique({ where: { id } }))?.sealed ?? null,
  remove: async (id) => {
    await prisma.slackInstallation.deleteMany({ where: { id } });
  },
});
