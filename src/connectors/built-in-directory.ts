import { createHash } from 'node:crypto';
import type { PrismaClient } from '../store/generated/client.ts';
import type { Connector } from './connector.ts';

/**
 * The directory that Usher brings along, so that the whole story runs without a cloud. It is a target system like any
 * other: it keeps its grants in a table of its own, one row an assignment, and nothing else writes there. Who may do
 * something is whoever has a row for it; so the end of one assignment never takes away another's access.
 */
export const createBuiltInDirectory = (prisma: PrismaClient, clock: () => Date): Connector => ({
  name: 'built-in directory',
  apply: async (wishes) => {
    const grants = wishes.flatMap(({ want, assignmentId, principalId, roleId, scopeId }) =>
      want.state !== 'gone'
        ? [{ assignmentId, principalId, roleId, scopeId, grantedAt: clock(), endsAt: want.endsAt }]
        : [],
    );
    const moved = wishes.flatMap(({ want, assignmentId }) =>
      want.state === 'moved' ? [{ assignmentId, endsAt: want.endsAt }] : [],
    );
    const gone = wishes.filter(({ want }) => want.state === 'gone').map(({ assignmentId }) => assignmentId);
    if (grants.length > 0) await prisma.directoryGrant.createMany({ data: grants, skipDuplicates: true });
    for (const { assignmentId, endsAt } of moved)
      await prisma.directoryGrant.updateMany({ where: { assignmentId }, data: { endsAt } });
    if (gone.length > 0) await prisma.directoryGrant.deleteMany({ where: { assignmentId: { in: gone } } });
    return wishes.map(() => ({ applied: true }));
  },
  read: async (assignmentIds) => {
    const rows = await prisma.directoryGrant.findMany({
      where: { assignmentId: { in: [...assignmentIds] } },
      select: { assignmentId: true, endsAt: true },
    });
    const facts = new Map(rows.map(({ assignmentId, endsAt }) => [assignmentId, { endsAt }]));
    return assignmentIds.map((id) => facts.get(id) ?? null);
  },
});

/**
 * The object id that the built-in directory gives to the account with this address: a name-based UUID (RFC 9562,
 * version 5), so that it is known before the account is made.
 */
export function objectIdOf(mail: string): string {
  const namespace = Buffer.from('1f0b8e2a6c0d4d7fb1f7c7a5a3b2e9d4', 'hex');
  const bytes = createHash('sha1').update(namespace).update(mail.toLowerCase()).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
