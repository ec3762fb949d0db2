import { changed, moved } from './activation-parts.ts';
import type { AuditFact } from './audit.ts';
import { accept, type Change, type Context, type Decision, type Entity, refuse } from './change.ts';
import { addMinutes } from './duration.ts';
import type { PersonId, RequestId } from './ids.ts';
import { newStepUp } from './pass-step-up.ts';
import type { AssignmentRequest } from './request.ts';
import type { StepUpRequirement } from './role-settings.ts';
import { type StepUp, type StepUpStrength, type StepUpWish, stepUpMinutes } from './step-up.ts';

/** What a setting asks for; `null` for nothing. */
export function strengthOf(requirement: StepUpRequirement): StepUpStrength | null {
  switch (requirement.kind) {
    case 'none':
      return null;
    case 'mfa':
      return 'mfa';
    case 'context':
      return requirement.strength;
    default:
      return requirement satisfies never;
  }
}

/** That it is asked for is on the record once: when it is. */
const isAsking = ({ action }: AuditFact): boolean => action.endsWith('.request');

const requestIn = ({ put }: Change): AssignmentRequest | undefined =>
  put.flatMap((item) => (item.entity === 'Request' ? [item.value] : []))[0];

/**
 * A request for access that was judged, and may be made, is kept until its requester has confirmed that it is them: nobody is asked
 * to decide before, and nothing is granted. Does nothing to a refusal, or where the setting asks for nothing.
 * Rule: Microsoft Entra PIM, "On activation, require Microsoft Entra multifactor authentication" or "authentication
 * context": it is checked before the approvers are bothered.
 */
export function confirmedFirst(
  judged: Decision<{ requestId: RequestId }>,
  requirement: StepUpRequirement,
  context: Context,
): Decision<{ requestId: RequestId }> {
  const strength = strengthOf(requirement);
  const asked = judged.accepted && requestIn(judged.change);
  if (!strength || !asked) return judged;
  const timesOutAt = addMinutes(context.now, stepUpMinutes);
  const kept: AssignmentRequest = { ...asked, state: { status: 'PendingEvaluation', timesOutAt } };
  const { principalId: personId, id: subjectId } = kept;
  const stepUp = newStepUp({ personId, purpose: 'activate', subjectId, strength, wish: null }, context);
  return accept(judged.answer, {
    put: [
      { entity: 'Request', value: kept },
      { entity: 'StepUp', value: stepUp },
    ],
    relyOn: judged.change.relyOn,
    audit: judged.change.audit.filter(isAsking),
    deadlines: [{ kind: 'time-out', subjectId, dueAt: timesOutAt }],
    events: [
      {
        type: 'activation-requested',
        requestId: kept.id,
        requesterId: personId,
        notified: { event: 'activated', roleId: kept.roleId, scopeId: kept.scopeId },
        approverIds: [],
      },
    ],
  });
}

/**
 * Goes on with a request that was kept: `judge` judges it as things stand now, as if it were made anew, and what comes of
 * that becomes of this very request. Refuses `request-decided` once it no longer waits, and whatever `judge` refuses.
 */
export function goOnConfirmed(
  kept: AssignmentRequest,
  judge: (context: Context) => Decision<{ requestId: RequestId }>,
  { now, newId }: Context,
): Decision<{ requestId: RequestId }> {
  const { state } = kept;
  if (state.status !== 'PendingEvaluation' || now >= state.timesOutAt)
    return refuse({
      code: 'step-up-spent',
      why: state.status === 'TimedOut' || 'timesOutAt' in state ? 'late' : 'used',
    });
  let named = false;
  // The first id that a new request takes is its own.
  const sameRequest = () => {
    if (named) return newId();
    named = true;
    return kept.id;
  };
  const judged = judge({ now, newId: sameRequest });
  if (!judged.accepted) return judged;
  const { change } = judged;
  const goesOn = (item: Entity): Entity =>
    item.entity === 'Request' && item.value.id === kept.id
      ? {
          entity: 'Request',
          value: moved({ ...item.value, version: kept.version, createdAt: kept.createdAt }, item.value.state),
        }
      : item;
  const asked = requestIn(change) ?? kept;
  return accept(judged.answer, {
    ...change,
    put: change.put.map(goesOn),
    audit: change.audit.filter((one) => !isAsking(one)),
    withdrawDeadlinesOf: [kept.id, ...change.withdrawDeadlinesOf],
    events: [...change.events, changed(asked, null)],
  });
}

/** What was judged, and may be done, waits with the step-up for whoever said it to confirm that it is them. */
function keptWith<Answer>(
  judged: Decision<Answer>,
  requirement: StepUpRequirement,
  asked: Pick<StepUp, 'personId' | 'purpose' | 'subjectId' | 'wish'>,
  requestId: RequestId | null,
  context: Context,
): Decision<Answer> {
  const strength = strengthOf(requirement);
  if (!strength || !judged.accepted) return judged;
  const stepUp = newStepUp({ ...asked, strength }, context);
  return refuse(
    { code: 'step-up-needed', stepUpId: stepUp.id, requestId },
    { put: [{ entity: 'StepUp', value: stepUp }] },
  );
}

/**
 * An approval that was judged, and would count, waits for its approver to confirm that it is them; what they said is kept
 * with the step-up. Refuses `step-up-needed`; does nothing to a refusal, or where the setting asks for nothing.
 */
export function confirmedBeforeDeciding(
  judged: Decision<{ requestId: RequestId }>,
  requirement: StepUpRequirement,
  approver: PersonId,
  wish: StepUpWish,
  context: Context,
): Decision<{ requestId: RequestId }> {
  const requestId = judged.accepted ? judged.answer.requestId : null;
  const asked = { personId: approver, purpose: 'decide' as const, subjectId: requestId ?? '', wish };
  return keptWith(judged, requirement, asked, requestId, context);
}

/**
 * Active access that may be given, or whose end may be moved, waits for its administrator to confirm that it is them.
 * Refuses `step-up-needed`; does nothing to a refusal, or where the setting asks for nothing.
 * Rule: Microsoft Entra PIM, "Require Azure Multi-Factor Authentication on active assignment".
 */
export const confirmedBeforeGiving = <Answer>(
  judged: Decision<Answer>,
  requirement: StepUpRequirement,
  asked: Pick<StepUp, 'personId' | 'subjectId' | 'wish'>,
  context: Context,
): Decision<Answer> => keptWith(judged, requirement, { ...asked, purpose: 'administer' }, null, context);
