import { randomUUID } from 'node:crypto';
import type { TestUsher } from './usher.ts';

/** Somebody whom the organisation knows, and whose address is nobody else’s. */
export function colleague({ usher, now }: Pick<TestUsher, 'usher' | 'now'>, more: object = {}) {
  const mail = `colleague-${randomUUID().slice(0, 8)}@contoso.example`;
  return usher.prisma.person.create({
    data: {
      id: randomUUID(),
      version: 1,
      displayName: 'Cora Colleague',
      mail,
      userPrincipalName: mail,
      userType: 'Member',
      identities: ['contoso.example'],
      accountEnabled: true,
      createdAt: now(),
      ...more,
    },
  });
}
