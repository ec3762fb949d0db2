import type { CredentialReads } from '../commands/ports.ts';
import { credentialOf, enrolmentOf, stepUpOf } from './credential-rows.ts';
import type { PrismaClient } from './generated/client.ts';

const maybe = <Row, Value>(row: Row | null, read: (row: Row) => Value): Value | null => (row ? read(row) : null);

/** {@link CredentialReads} on the database. */
export const createCredentialReads = (prisma: PrismaClient): CredentialReads => ({
  credential: async (id) => maybe(await prisma.credential.findUnique({ where: { id } }), credentialOf),
  credentialsOf: async (personId) =>
    (await prisma.credential.findMany({ where: { personId }, orderBy: [{ enrolledAt: 'asc' }, { id: 'asc' }] })).map(
      credentialOf,
    ),
  passkey: async (keyId) => maybe(await prisma.credential.findUnique({ where: { keyId } }), credentialOf),
  enrolment: async (id) => maybe(await prisma.enrolment.findUnique({ where: { id } }), enrolmentOf),
  stepUp: async (id) => maybe(await prisma.stepUp.findUnique({ where: { id } }), stepUpOf),
  stepUpFor: async (purpose, subjectId) =>
    maybe(
      await prisma.stepUp.findFirst({
        where: { purpose, subjectId },
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      }),
      stepUpOf,
    ),
  stepUpsSince: async (personId, since) =>
    (
      await prisma.stepUp.findMany({
        where: { personId, createdAt: { gt: since } },
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      })
    ).map(stepUpOf),
});
