import { randomUUID } from 'node:crypto';
import { addMinutes } from '../../src/domain/duration.ts';
import { type RequestId, reference } from '../../src/domain/ids.ts';
import { day } from './build.ts';
import type { TestUsher } from './usher.ts';

export const expenses = '/subscriptions/finance/resourceGroups/rg-expenses';

export interface Waiting {
  readonly id: string;
  readonly reference: string;
  readonly requester: string;
  readonly personId: string;
}

/** So many people of the organisation, each of whom has asked to be a Contributor of rg-expenses; the first asked first. */
export async function waitingRequests(t: TestUsher, count: number): Promise<Waiting[]> {
  const { prisma } = t.usher;
  const now = t.now();
  const made = Array.from({ length: count }, (_, index) => {
    const id = randomUUID();
    return {
      id,
      personId: randomUUID(),
      eligibilityId: randomUUID(),
      requester: `Asker ${index + 1} <b> *of* ${count}`,
      reference: reference(id as RequestId),
      createdAt: addMinutes(now, (index - count) / 60),
    };
  });
  await prisma.person.createMany({
    data: made.map(({ personId, requester }) => ({
      id: personId,
      version: 1,
      displayName: requester,
      mail: `${personId}@contoso.example`,
      userPrincipalName: `${personId}@contoso.example`,
      userType: 'Member',
      identities: ['contoso.example'],
      accountEnabled: true,
      createdAt: now,
    })),
  });
  const wanted = { version: 1, roleId: 'contributor', scopeId: expenses };
  await prisma.assignment.createMany({
    data: made.map(({ eligibilityId, personId }) => ({
      ...wanted,
      id: eligibilityId,
      kind: 'eligible',
      principalId: personId,
      startsAt: now,
      endsAt: addMinutes(now, 90 * day),
      status: 'InForce',
    })),
  });
  await prisma.request.createMany({
    data: made.map(({ id, personId, eligibilityId, createdAt }) => ({
      ...wanted,
      id,
      principalId: personId,
      eligibilityId,
      durationMinutes: 60,
      justification: `Reason of ${reference(id as RequestId)}`,
      settingsVersion: 1,
      createdAt,
      status: 'PendingApproval',
      timesOutAt: addMinutes(now, day),
    })),
  });
  return made;
}
