import type { Actor } from './audit.ts';
import { accept, type Context, type Decision, refuse } from './change.ts';
import { addMinutes } from './duration.ts';
import { type Enrolment, enrolmentConfirmedMinutes, enrolmentLinkMinutes, enrolmentPageMinutes } from './enrolment.ts';
import type { EnrolmentId, PersonId } from './ids.ts';
import type { Refusal } from './refusal.ts';

export const newEnrolment = (
  { personId, provenBy, forStepUpId }: Pick<Enrolment, 'personId' | 'provenBy' | 'forStepUpId'>,
  { now, newId }: Context,
): Enrolment => ({
  id: newId() as EnrolmentId,
  version: 1,
  personId,
  provenBy,
  forStepUpId,
  createdAt: now,
  openedAt: null,
  confirmedAt: null,
});

const spent: Refusal = { code: 'enrolment-spent' };

/** What there is to know of a credential here. */
type Removable = { readonly removal: { readonly at: Date; readonly by: PersonId } | null };

/** Whoever was reset begins anew: what was handed out before that is worth nothing. */
const resetSince = ({ createdAt, personId }: Enrolment, credentials: readonly Removable[]): boolean =>
  credentials.some(({ removal }) => removal && removal.by !== personId && removal.at >= createdAt);

/** What keeps an opened page from being used. Refuses `enrolment-spent`. */
export const faultInEnrolment = (
  enrolment: Enrolment,
  credentials: readonly Removable[],
  now: Date,
): Refusal | null => {
  const { openedAt } = enrolment;
  const open = openedAt !== null && now < addMinutes(openedAt, enrolmentPageMinutes);
  return open && !resetSince(enrolment, credentials) ? null : spent;
};

/** Whether the link can be opened still. Refuses `enrolment-spent`. */
export const faultInLink = (enrolment: Enrolment, now: Date): Refusal | null =>
  enrolment.openedAt === null && now < addMinutes(enrolment.createdAt, enrolmentLinkMinutes) ? null : spent;

/** Until when they may change their credentials by having confirmed that it is them; `null`: they have to, first. */
export function confirmedUntil({ confirmedAt }: Enrolment, now: Date): Date | null {
  const until = confirmedAt && addMinutes(confirmedAt, enrolmentConfirmedMinutes);
  return until && now < until ? until : null;
}

/** The page can be changed for a while: its person has just passed a step-up for it. Refuses `enrolment-spent`. */
export function confirmEnrolment(
  enrolment: Enrolment,
  credentials: readonly Removable[],
  { now }: Context,
): Decision<null> {
  const fault = faultInEnrolment(enrolment, credentials, now);
  if (fault) return refuse(fault);
  return accept(null, {
    put: [{ entity: 'Enrolment', value: { ...enrolment, version: enrolment.version + 1, confirmedAt: now } }],
  });
}

/** Opens the page, once. Refuses `enrolment-spent`. */
export function openEnrolment(
  enrolment: Enrolment,
  actor: Actor,
  { now }: Context,
): Decision<{ enrolmentId: EnrolmentId }> {
  const fault = faultInLink(enrolment, now);
  if (fault) return refuse(fault);
  const opened: Enrolment = { ...enrolment, version: enrolment.version + 1, openedAt: now };
  return accept(
    { enrolmentId: enrolment.id },
    {
      put: [{ entity: 'Enrolment', value: opened }],
      audit: [
        {
          action: 'enrolment.open',
          actor: { ...actor, personId: enrolment.personId },
          subjectId: enrolment.personId,
          role: null,
          scope: null,
          requestId: null,
          result: 'success',
          reason: null,
          details: { provenBy: enrolment.provenBy },
        },
      ],
    },
  );
}
