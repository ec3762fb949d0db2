import type { EnrolmentId, PersonId, StepUpId } from './ids.ts';

/**
 * A page on which a person sets up how they confirm that it is them. Its link is handed to them where it is known who
 * they are, can be opened once, and soon lapses (ours).
 */
export interface Enrolment {
  readonly id: EnrolmentId;
  readonly version: number;
  readonly personId: PersonId;
  /** How it was known who they are: by a linked chat account, or by the passcode of their invitation. */
  readonly provenBy: 'chat' | 'redemption';
  /** What they wanted to confirm when there was nothing to do it with: the page leads back there. */
  readonly forStepUpId: StepUpId | null;
  readonly createdAt: Date;
  readonly openedAt: Date | null;
  /** When they last showed on this page that it is them, by a credential. */
  readonly confirmedAt: Date | null;
}

/** The link is good for so long until it is opened, the page for so long after that. */
export const enrolmentLinkMinutes = 10;
export const enrolmentPageMinutes = 15;
/** How long a step-up lets somebody change their credentials on the page where they passed it. */
export const enrolmentConfirmedMinutes = 5;
