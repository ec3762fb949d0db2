import { z } from 'zod';
import { uponActivationApproval } from '../domain/activation.ts';
import type { ApprovalEffect } from '../domain/approval.ts';
import { decideRequest } from '../domain/decide-request.ts';
import { parseDuration } from '../domain/duration.ts';
import type { RequestId } from '../domain/ids.ts';
import type { Person } from '../domain/person.ts';
import type { AssignmentRequest } from '../domain/request.ts';
import { confirmedBeforeDeciding } from '../domain/require-step-up.ts';
import type { StepUpRequirement } from '../domain/role-settings.ts';
import { approvalOf, waitingFor } from './approvals.ts';
import type { PersonCommand } from './execute.ts';
import { extensionEffect } from './extend.ts';
import { audienceOf, findRequest, governing, isRefusal } from './lookups.ts';
import type { Reads } from './ports.ts';

const input = z.object({
  /** Whole, or its reference; empty where only one waits. */
  requestId: z.string().default(''),
  justification: z.string().default(''),
  /** Shorter than what was asked for, as people write it or as plain minutes; empty for that. */
  duration: z.string().default(''),
  /** The same where several are decided in one go: shortens those activations that asked for more, and leaves the others. */
  atMost: z.string().default(''),
});

type State = Omit<Parameters<typeof decideRequest>[0], 'decider'> & {
  readonly durationMinutes: number | null;
  /** Of whoever approves. */
  readonly requires: StepUpRequirement;
};

/** Of plain minutes, as forms give them, or as people write a duration; `null` for neither. */
const minutesIn = (text: string): number | null => (/^\d{1,6}$/.test(text) ? Number(text) : parseDuration(text));

const nothing: StepUpRequirement = { kind: 'none' };

/** What approving this request brings about, by its action; `null` for one that nobody can make. */
async function effectOf(
  reads: Reads,
  request: AssignmentRequest,
  requester: Person,
  now: Date,
): Promise<ApprovalEffect | null> {
  switch (request.action) {
    case 'selfActivate': {
      const [eligible, inForce] = await Promise.all([
        reads.assignment(request.eligibilityId),
        reads.inForce(request.principalId, request.roleId, request.scopeId),
      ]);
      const { startsAt } = request;
      return eligible?.kind === 'eligible' ? uponActivationApproval({ eligible, requester, inForce, startsAt }) : null;
    }
    case 'selfExtend':
    case 'selfRenew':
      return extensionEffect(reads, request, requester, now);
    default:
      return null;
  }
}

const deciding = (
  name: 'approve' | 'deny',
): PersonCommand<z.output<typeof input>, State, { requestId: RequestId }> => ({
  name,
  for: 'person',
  input,
  load: async (reads, { requestId, duration, atMost }, { person }, now) => {
    const request = await findRequest(reads, requestId, () => waitingFor(reads, person.id, now), person.id);
    if (isRefusal(request)) return request;
    const text = (atMost || duration).trim();
    const given = text ? minutesIn(text) : null;
    if (text && given === null) return { refusal: { code: 'duration-invalid', given: text } };
    const shortens = request.action === 'selfActivate' && given !== null && given < request.durationMinutes;
    const durationMinutes = atMost && !shortens ? null : given;
    const requester = await reads.person(request.principalId);
    const governed = await governing(reads, request, audienceOf(requester));
    const effect = requester && (await effectOf(reads, request, requester, now));
    if (!effect) return { refusal: { code: 'request-unknown' } };
    const approval = await approvalOf(reads, request, governed, now);
    const requires = governed.settings.approval?.decidingRequires ?? nothing;
    return { request, approval, effect, place: governed.place, durationMinutes, requires };
  },
  decide: ({ durationMinutes, requires: _, ...state }, { justification }, { person, actor }, context) =>
    decideRequest(
      { ...state, decider: person },
      { approve: name === 'approve', justification, durationMinutes },
      actor,
      context,
    ),
});

/** Approves, whether or not the approver has confirmed that it is them: what a step-up was passed for goes on with it. */
export const approveConfirmed = deciding('approve');

/** Approves a request that waits for the caller; where its settings ask for it, they have to confirm first that it is them. */
export const approve: typeof approveConfirmed = {
  ...approveConfirmed,
  decide: (state, given, caller, context) =>
    confirmedBeforeDeciding(
      approveConfirmed.decide(state, given, caller, context),
      state.requires,
      caller.person.id,
      { ...given, requestId: state.request.id },
      context,
    ),
};

/** Denies a request that waits for the caller. */
export const deny = deciding('deny');
