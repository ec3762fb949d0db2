import type { createCredentials } from '../../commands/credentials.ts';
import type { Reads } from '../../commands/ports.ts';
import type { CredentialSecrets } from '../../domain/credential-secrets.ts';
import type { EnrolmentId, RequestId, StepUpId } from '../../domain/ids.ts';
import type { CardOf } from '../../notifications/cards.ts';
import { type ConfirmLink, confirmCard, givingCard } from '../../notifications/confirm-cards.ts';
import { securityCard } from '../../notifications/credential-cards.ts';
import type { TrackedCards } from '../../notifications/tracked.ts';
import type { Asker } from './answers.ts';

/** What chats need to show people how they confirm that it is them, and to let administrators reset it. */
export interface Security {
  readonly open: ReturnType<typeof createCredentials>['security'];
  readonly reset: ReturnType<typeof createCredentials>['reset'];
  /** What is set up, with the button to one's own page; for that person's eyes alone. */
  card(enrolmentId: EnrolmentId, asker: Asker): Promise<CardOf>;
  /** What an approver or an administrator has to confirm, with the button to the page; `null` once there is nothing to confirm. */
  confirm(stepUpId: StepUpId, asker: Asker): Promise<CardOf | null>;
}

export const createSecurity = ({
  credentials,
  secrets,
  reads,
  publicUrl,
  tracked,
  confirmLink,
}: {
  readonly credentials: ReturnType<typeof createCredentials>;
  readonly secrets: CredentialSecrets;
  readonly reads: Reads;
  readonly publicUrl: string;
  readonly tracked: TrackedCards;
  readonly confirmLink: ConfirmLink;
}): Security => ({
  open: credentials.security,
  reset: credentials.reset,
  card: async (enrolmentId, { person, reader }) => {
    const link = `${publicUrl}/enrol/${secrets.enrolmentToken(enrolmentId, 'link')}`;
    return { card: 'security', data: await securityCard(reads, person.id, link, reader.time) };
  },
  confirm: async (stepUpId, { reader }) => {
    const stepUp = await reads.stepUp(stepUpId);
    if (stepUp?.purpose === 'administer')
      return { card: 'confirm', data: await givingCard(reads, stepUp, confirmLink, reader) };
    const request = stepUp && (await reads.request(stepUp.subjectId as RequestId));
    if (!stepUp || !request) return null;
    const shown = await tracked.requestCard(request, reader);
    return { card: 'confirm', data: confirmCard(stepUp, shown, true, confirmLink, reader.time) };
  },
});
