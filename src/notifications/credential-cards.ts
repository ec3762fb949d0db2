import type { Reads } from '../commands/ports.ts';
import { inUse } from '../domain/credential.ts';
import type { CredentialId, PersonId } from '../domain/ids.ts';
import type { CardData } from './cards.ts';

type Time = (instant: Date) => string;

/** Something with which its owner confirms that it is them, as it stands now. */
export async function credentialCard(
  reads: Reads,
  id: CredentialId,
  { time }: { readonly time: Time },
): Promise<CardData['credential'] | null> {
  const credential = await reads.credential(id);
  if (!credential) return null;
  const { removal, personId } = credential;
  const byOther = removal !== null && removal.by !== personId;
  return {
    status: !removal ? 'in-use' : byOther ? 'reset' : 'removed',
    kind: credential.kind,
    since: time(credential.enrolledAt),
    closedAt: removal ? time(removal.at) : null,
    by: byOther ? ((await reads.person(removal.by))?.displayName ?? null) : null,
  };
}

/** What a person has set up, with the link to their page. */
export async function securityCard(
  reads: Reads,
  personId: PersonId,
  link: string,
  time: Time,
): Promise<CardData['security']> {
  const own = inUse(await reads.credentialsOf(personId));
  return {
    link,
    credentials: own.map((one) => ({
      kind: one.kind,
      since: time(one.enrolledAt),
      used: one.usedAt && time(one.usedAt),
    })),
  };
}
