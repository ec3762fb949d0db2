import type { Reads } from '../commands/ports.ts';
import { addMinutes, formatDuration, parseDuration } from '../domain/duration.ts';
import {
  type GroupId,
  isUuid,
  type PersonId,
  type RoleId,
  reference,
  type ScopeId,
  type StepUpId,
} from '../domain/ids.ts';
import type { Language } from '../domain/language.ts';
import type { AssignmentRequest } from '../domain/request.ts';
import { type StepUp, stepUpMinutes } from '../domain/step-up.ts';
import type { CardData, RequestCard } from './cards.ts';
import type { Reading } from './sentence.ts';

export type ConfirmLink = (id: StepUpId) => string;

type Shown = Pick<RequestCard, 'role' | 'scope' | 'duration' | 'requester' | 'asks'>;

type Confirming = Pick<CardData['confirm'], 'status' | 'until' | 'link'>;

const confirming = (
  { id, createdAt }: StepUp,
  open: boolean,
  linkOf: ConfirmLink,
  time: (instant: Date) => string,
): Confirming => ({
  status: open ? 'open' : 'late',
  until: open ? time(addMinutes(createdAt, stepUpMinutes)) : null,
  link: open ? linkOf(id) : null,
});

/** What a request has to be confirmed for, with the page to do it on; for that person's eyes alone. */
export function confirmCard(
  stepUp: StepUp,
  shown: Shown,
  open: boolean,
  linkOf: ConfirmLink,
  time: (instant: Date) => string,
): CardData['confirm'] {
  const purpose =
    stepUp.purpose === 'decide'
      ? 'decide'
      : shown.asks === 'elevation' || shown.asks === 'break-glass'
        ? 'take'
        : 'activate';
  const { role, scope, duration, requester } = shown;
  return {
    ...confirming(stepUp, open, linkOf, time),
    purpose,
    requestId: stepUp.subjectId,
    reference: reference(stepUp.subjectId),
    role,
    scope,
    duration,
    permanent: false,
    requester: purpose === 'decide' ? requester : null,
    principal: null,
  };
}

/** What an administrator is about to give, as the step-up keeps it. */
export async function givingShown(
  reads: Reads,
  { wish }: StepUp,
  language: Language,
): Promise<Pick<CardData['confirm'], 'role' | 'scope' | 'duration' | 'permanent' | 'principal'>> {
  const { role = '', scope = '', whom = '', duration = '' } = wish ?? {};
  const principal = isUuid(whom)
    ? ((await reads.person(whom as PersonId))?.displayName ?? (await reads.group(whom as GroupId))?.name)
    : whom;
  const minutes = /^\d+$/.test(duration) ? Number(duration) : parseDuration(duration);
  return {
    role: (await reads.role(role as RoleId))?.name ?? role,
    scope: (await reads.scopesById([scope as ScopeId]))[0]?.name ?? scope,
    duration: minutes === null ? null : formatDuration(minutes, language),
    permanent: duration.trim().toLowerCase() === 'permanent',
    principal: principal ?? null,
  };
}

/** The same for access that is about to be given. */
export const givingCard = async (
  reads: Reads,
  stepUp: StepUp,
  linkOf: ConfirmLink,
  { language, time }: Reading,
): Promise<CardData['confirm']> => ({
  ...confirming(stepUp, true, linkOf, time),
  ...(await givingShown(reads, stepUp, language)),
  purpose: 'administer',
  requestId: '',
  reference: null,
  requester: null,
});

/** The step-up that a request waits for, or lapsed for want of; `null` for any other. */
export async function awaitedStepUp(reads: Reads, { id, state }: AssignmentRequest): Promise<StepUp | null> {
  if (state.status !== 'PendingEvaluation' && state.status !== 'TimedOut') return null;
  const stepUp = await reads.stepUpFor('activate', id);
  return stepUp?.usedAt ? null : stepUp;
}
