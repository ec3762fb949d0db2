import {
  type Activation,
  aboutProvisioning,
  aboutRequest,
  changed,
  fact,
  moved,
  movedAssignment,
  type Place,
  putAssignment,
  putRequest,
  relyOnAssignment,
  relyOnPerson,
  settled,
} from './activation-parts.ts';
import { type Approval, type ApprovalEffect, agreedMinutes, askForApproval } from './approval.ts';
import {
  type ActiveAssignment,
  type Assignment,
  decidedEnd,
  type EligibleAssignment,
  isDirect,
  overlapping,
} from './assignment.ts';
import type { Actor, AuditFact } from './audit.ts';
import { accept, type Change, type Context, type Decision, refuse, together } from './change.ts';
import { addMinutes } from './duration.ts';
import { deadlinesUntil } from './eligibility.ts';
import { assignmentChanged, newsOf } from './ending.ts';
import type { AssignmentId, PersonId, RequestId } from './ids.ts';
import { notifiedOf } from './notified.ts';
import { type Person, standing } from './person.ts';
import type { Refusal } from './refusal.ts';
import { type AssignmentRequest, type RequestDecision, type RequestState, topicOf } from './request.ts';
import type { RoleSettings } from './role-settings.ts';
import { tooLong } from './text-limits.ts';

/** When a later end can be asked for, and until when an assignment that has ended can be renewed. Minutes. */
export interface ExtensionSpans {
  readonly extendWithinMinutes: number;
  readonly renewWithinMinutes: number;
}

/** From the first notice on (Microsoft Entra PIM, "Extend or renew assignments"); 30 days in which the ended is seen. */
export const usualSpans: ExtensionSpans = { extendWithinMinutes: 14 * 1440, renewWithinMinutes: 30 * 1440 };

export type Lengthening = 'extend' | 'renew';

export interface ExtensionWish {
  /** How long from now on; `null` for the usual longest that the settings name. */
  readonly durationMinutes: number | null;
  readonly justification: string;
}

/** A direct assignment whose end is about to be moved, or which is over and is to be given again. */
export interface Extendable {
  readonly what: Lengthening;
  readonly assignment: Assignment;
  readonly place: Place;
  readonly settings: RoleSettings;
  readonly spans: ExtensionSpans;
  /** Others of the same kind, of the same principal for the same role and scope, that have not ended. */
  readonly others: readonly Assignment[];
}

/** The longest that the settings allow from now on, in minutes; and what is given where nothing else is asked for. */
export function longestExtension(
  { kind }: Pick<Assignment, 'kind'>,
  settings: RoleSettings,
): { readonly longest: number; readonly usual: number } {
  const [permanent, usual] =
    kind === 'eligible'
      ? [settings.permanentEligibleAllowed, settings.eligibleMaximumMinutes]
      : [settings.permanentActiveAllowed, settings.activeMaximumMinutes];
  return { longest: permanent ? Number.POSITIVE_INFINITY : usual, usual };
}

type Moment = Pick<Extendable, 'what' | 'assignment' | 'spans' | 'others'>;

/** Why this assignment's end can't be moved now, whatever is asked for. */
function notExtendable({ assignment, spans }: Moment, now: Date): Refusal | null {
  const { state, endsAt } = assignment;
  if (!isDirect(assignment)) return { code: 'not-extendable', because: 'activation' };
  if (state.status === 'Extending') return { code: 'not-extendable', because: 'under-way' };
  if (state.status === 'Ended') return { code: 'not-extendable', because: 'ended' };
  if (state.status !== 'InForce' && state.status !== 'Active')
    return { code: 'not-extendable', because: 'not-in-force' };
  if (!endsAt) return { code: 'not-extendable', because: 'permanent' };
  if (endsAt <= now) return { code: 'not-extendable', because: 'ended' };
  const possibleAt = addMinutes(endsAt, -spans.extendWithinMinutes);
  return now < possibleAt ? { code: 'too-early-to-extend', possibleAt } : null;
}

function notRenewable({ assignment, others: [another], spans }: Moment, now: Date): Refusal | null {
  const { state } = assignment;
  if (!isDirect(assignment)) return { code: 'not-renewable', because: 'activation' };
  if (state.status !== 'Ended') return { code: 'not-renewable', because: 'not-ended' };
  // What an administrator took away is theirs to give again.
  if (state.why !== 'expired') return { code: 'not-renewable', because: 'removed' };
  if (now > addMinutes(state.at, spans.renewWithinMinutes)) return { code: 'not-renewable', because: 'too-long-ago' };
  return another ? { code: 'renewed-already', until: another.endsAt } : null;
}

/** What keeps this from being done now, as a refusal; `null` where it can be asked for. */
export const extensionFault = (of: Moment, now: Date): Refusal | null =>
  of.what === 'extend' ? notExtendable(of, now) : notRenewable(of, now);

function faultIn(of: Extendable, minutes: number, justification: string, now: Date): Refusal | null {
  const { longest } = longestExtension(of.assignment, of.settings);
  const fault = extensionFault(of, now);
  if (fault) return fault;
  if (minutes > longest) return { code: 'end-too-late', maximumMinutes: longest };
  const { endsAt } = of.assignment;
  const until = addMinutes(now, minutes);
  if (of.what === 'extend' && endsAt && until <= endsAt) return { code: 'end-not-later', endsAt };
  const there = overlapping(of.others, { startsAt: now, endsAt: until });
  if (there) return { code: 'overlaps-another', from: there.startsAt, until: there.endsAt };
  return tooLong('justification', justification);
}

/** When an extension that was asked for would end: the request says for how long from its making on. */
export const askedEnd = (request: Pick<AssignmentRequest, 'createdAt' | 'durationMinutes' | 'votes'>): Date =>
  addMinutes(request.createdAt, agreedMinutes(request));

const actions = {
  extend: { self: 'selfExtend', admin: 'adminExtend' },
  renew: { self: 'selfRenew', admin: 'adminRenew' },
} as const;

const asked = (
  of: Extendable,
  wish: ExtensionWish,
  by: 'self' | 'admin',
  { now, newId }: Context,
): Omit<AssignmentRequest, 'votes' | 'state'> => ({
  id: newId() as RequestId,
  version: 1,
  action: actions[of.what][by],
  principalId: of.assignment.principalId as PersonId,
  eligibilityId: of.assignment.id,
  roleId: of.assignment.roleId,
  scopeId: of.assignment.scopeId,
  startsAt: null,
  durationMinutes: wish.durationMinutes ?? longestExtension(of.assignment, of.settings).usual,
  justification: wish.justification.trim(),
  ticket: null,
  settingsVersion: of.settings.version,
  createdAt: now,
});

const detailsOf = (
  of: Extendable,
  request: Pick<AssignmentRequest, 'createdAt' | 'durationMinutes' | 'votes' | 'settingsVersion'>,
): AuditFact['details'] => ({
  assignment: of.assignment.id,
  kind: of.assignment.kind,
  endBefore: of.assignment.endsAt?.toISOString() ?? null,
  endAfter: askedEnd(request).toISOString(),
  settingsVersion: request.settingsVersion,
});

/**
 * The assignee asks for a later end, or for an assignment that has ended to be given again; its role's managers decide,
 * always. Refuses what {@link extensionFault} names, `end-too-late`, `end-not-later`, `overlaps-another`, `justification-missing`,
 * `already-requested` and `nobody-can-approve`.
 * Rules: Microsoft Entra PIM, "Extend or renew assignments".
 */
export function requestExtension(
  of: Extendable & {
    readonly requester: Person;
    readonly openRequest: AssignmentRequest | null;
    /** By the role's managers; the requester may be among them and does not count. */
    readonly approval: Approval;
  },
  wish: ExtensionWish,
  actor: Actor,
  context: Context,
): Decision<{ requestId: RequestId }> {
  const { now } = context;
  const wanted = asked(of, wish, 'self', context);
  const fault = extensionFault(of, now);
  if (fault) return refuse(fault);
  if (of.openRequest) return refuse({ code: 'already-requested' });
  if (!wanted.justification) return refuse({ code: 'justification-missing' });
  const wrong = faultIn(of, wanted.durationMinutes, wanted.justification, now);
  if (wrong) return refuse(wrong);
  const waiting = askForApproval(wanted, of.approval, of.settings.requestLifetimeMinutes, now);
  if ('code' in waiting) return refuse(waiting);
  const { request, deadlines, askedIds } = waiting;
  return accept(
    { requestId: request.id },
    {
      put: [putRequest(request)],
      relyOn: [relyOnAssignment(of.assignment), relyOnPerson(of.requester)],
      audit: [
        fact(`${topicOf(request)}.request`, actor, aboutRequest(request, of.place), {
          reason: request.justification,
          details: detailsOf(of, request),
        }),
      ],
      deadlines,
      events: [
        {
          type: 'extension-requested',
          requestId: request.id,
          requesterId: request.principalId,
          assignmentId: of.assignment.id,
          notified: notifiedOf(of.assignment),
          deciderIds: askedIds,
        },
      ],
    },
  );
}

/** What comes of it when it is granted: the end moves in one step, or there is a new assignment. */
function grantExtension(
  of: Extendable,
  request: Omit<AssignmentRequest, 'state'>,
  decision: RequestDecision,
  { now, newId }: Context,
): {
  readonly granted: Assignment;
  readonly state: Extract<RequestState, { status: 'Provisioned' | 'PendingProvisioning' }>;
  readonly change: Pick<Change, 'withdrawDeadlinesOf' | 'deadlines' | 'provision'>;
} {
  const granted = of.what === 'extend' ? lengthened(of.assignment, askedEnd(request)) : again(of, request, newId, now);
  const inPlace = granted.kind === 'eligible';
  return {
    granted,
    state: { status: inPlace ? 'Provisioned' : 'PendingProvisioning', decision, assignmentId: granted.id },
    change: {
      withdrawDeadlinesOf: [granted.id],
      deadlines: deadlinesUntil(granted.id, decidedEnd(granted), now),
      provision: inPlace ? [] : [granted.id],
    },
  };
}

/** An active one keeps its old end until the target system has confirmed the new one. */
const lengthened = (assignment: Assignment, until: Date): Assignment =>
  assignment.kind === 'eligible'
    ? { ...assignment, version: assignment.version + 1, endsAt: until }
    : movedAssignment(assignment, {
        status: 'Extending',
        confirmedAt: 'confirmedAt' in assignment.state ? (assignment.state.confirmedAt as Date) : assignment.startsAt,
        until,
      });

function again(
  of: Extendable,
  request: Omit<AssignmentRequest, 'state'>,
  newId: Context['newId'],
  now: Date,
): Assignment {
  const { principalKind, principalId, roleId, scopeId, kind } = of.assignment;
  const base = {
    id: newId() as AssignmentId,
    version: 1,
    principalKind,
    principalId,
    roleId,
    scopeId,
    startsAt: now,
    endsAt: addMinutes(now, agreedMinutes(request)),
  };
  return kind === 'eligible'
    ? ({ ...base, kind, state: { status: 'InForce' } } satisfies EligibleAssignment)
    : ({
        ...base,
        kind,
        eligibilityId: null,
        requestId: null,
        durationMinutes: null,
        state: { status: 'Provisioning' },
      } satisfies ActiveAssignment);
}

const resolved = (request: AssignmentRequest, managers: readonly Person[], decider: PersonId) =>
  ({
    type: 'extension-resolved',
    requestId: request.id,
    assignmentId: request.eligibilityId,
    otherManagerIds: managers
      .filter((person) => person.id !== decider && person.id !== request.principalId && person.accountEnabled)
      .map(({ id }) => id),
  }) as const;

/** What the assignee had asked for is taken back, because an administrator has done something about it directly. */
export function overtake(openRequest: AssignmentRequest | null, place: Place, actor: Actor, now: Date): Change {
  if (!openRequest) return accept(null, {}).change;
  const overtaken = moved(openRequest, { status: 'Canceled', closedAt: now });
  return accept(null, {
    put: [putRequest(overtaken)],
    withdrawDeadlinesOf: [overtaken.id],
    audit: [
      fact(`${topicOf(overtaken)}.cancel`, actor, aboutRequest(overtaken, place), {
        reason: 'an administrator did it directly',
      }),
    ],
    events: [changed(overtaken, null)],
  }).change;
}

/**
 * A manager moves the end, or gives the assignment again, at once. What the assignee had asked for is taken back.
 * Refuses what {@link extensionFault} names, `end-too-late`, `end-not-later`, `overlaps-another`, and `justification-missing` where the
 * settings ask for one.
 */
export function extendDirectly(
  of: Extendable & {
    readonly manager: Person;
    readonly managers: readonly Person[];
    readonly openRequest: AssignmentRequest | null;
  },
  wish: ExtensionWish,
  actor: Actor,
  context: Context,
): Decision<{ requestId: RequestId }> {
  const { now } = context;
  const wanted = asked(of, wish, 'admin', context);
  const { assignment, settings, place } = of;
  if (assignment.kind === 'active' && settings.activeJustificationRequired && !wanted.justification)
    return refuse({ code: 'justification-missing' });
  const fault = faultIn(of, wanted.durationMinutes, wanted.justification, now);
  if (fault) return refuse(fault);
  const decision = { by: of.manager.id, at: now, justification: wanted.justification };
  const made = { ...wanted, votes: [] };
  const { granted, state, change } = grantExtension(of, made, decision, context);
  const request: AssignmentRequest = { ...made, state };
  const done = accept(null, {
    ...change,
    put: [putAssignment(granted), putRequest(request)],
    relyOn: [relyOnPerson(of.manager)],
    audit: [
      fact(`${topicOf(request)}.grant`, actor, aboutRequest(request, place), {
        reason: request.justification || null,
        details: detailsOf(of, request),
      }),
    ],
    events: [
      changed(request, state.status === 'Provisioned' ? 'Provisioned' : null),
      resolved(request, of.managers, of.manager.id),
    ],
  }).change;
  return accept({ requestId: request.id }, together(done, overtake(of.openRequest, place, actor, now)));
}

/** What approving such a request brings about; what the assignment and the settings no longer allow is refused. */
export const uponExtensionApproval = (
  of: Extendable & {
    readonly request: AssignmentRequest;
    readonly requester: Person;
    /** Who manages the role there, as it stands now. */
    readonly managers: readonly Person[];
  },
): ApprovalEffect => ({
  approved: of.what === 'extend' ? 'extension.approve' : 'renewal.approve',
  denied: of.what === 'extend' ? 'extension.deny' : 'renewal.deny',
  fault: (now, minutes) => {
    if (standing(of.requester)) return { code: 'requester-unavailable' };
    // Of a later end, what was asked for counts from the asking on.
    const since = of.what === 'extend' ? of.request.createdAt : now;
    const left = Math.ceil((addMinutes(since, minutes).getTime() - now.getTime()) / 60_000);
    return faultIn(of, left, of.request.justification, now);
  },
  resolved: (decider) => [resolved(of.request, of.managers, decider)],
  enact: (request, decision, context) => {
    const { state, granted, change } = grantExtension(of, request, decision, context);
    return {
      state,
      tell: state.status === 'Provisioned' ? 'Provisioned' : null,
      details: detailsOf(of, request),
      change: { ...change, put: [putAssignment(granted)], relyOn: [relyOnPerson(of.requester)] },
    };
  },
});

/** Whether the target system has the end that is wished for; it may keep an end less exactly than it was given. */
export function hasMoved({ state }: ActiveAssignment, endsAt: Date | null): boolean {
  if (state.status !== 'Extending') return false;
  if (!state.until || !endsAt) return state.until === endsAt;
  return Math.abs(state.until.getTime() - endsAt.getTime()) < 60_000;
}

/**
 * The target system has confirmed the new end by read-back. Until here the old one was in force. Does nothing when the
 * assignment has moved on, or is to end at another time since.
 */
export function confirmMove(
  { assignment, request, place }: Activation,
  { endsAt }: { readonly endsAt: Date | null },
  actor: Actor,
  { now }: Context,
): Decision<null> {
  const { state } = assignment;
  if (state.status !== 'Extending' || !hasMoved(assignment, endsAt)) return settled;
  const active = {
    ...movedAssignment(assignment, { status: 'Active', confirmedAt: state.confirmedAt }),
    endsAt,
  };
  const done =
    request?.state.status === 'PendingProvisioning'
      ? moved(request, { ...request.state, status: 'Provisioned' })
      : null;
  return accept(null, {
    put: [putAssignment(active), ...(done ? [putRequest(done)] : [])],
    audit: [
      fact('extension.confirm', actor, aboutProvisioning({ assignment, request, place }), {
        details: { assignment: assignment.id, endsAt: endsAt?.toISOString() ?? null },
      }),
    ],
    withdrawDeadlinesOf: [assignment.id],
    deadlines: deadlinesUntil(assignment.id, endsAt, now),
    events: [
      done
        ? changed(done, 'Provisioned')
        : // Of an activation its request's cards show it; its holder was told of the eligible assignment.
          assignmentChanged(active, isDirect(active) ? newsOf(active) : null),
      ...(request && !isDirect(active) ? [changed(request, null)] : []),
    ],
  });
}

/** The target system does not take the new end: the old one stands, and the requester and administrators are told. */
export function failMove(
  { assignment, request, place }: Activation,
  { reason }: { readonly reason: string },
  actor: Actor,
  { now }: Context,
): Decision<null> {
  const { state } = assignment;
  if (state.status !== 'Extending') return settled;
  const active = movedAssignment(assignment, { status: 'Active', confirmedAt: state.confirmedAt });
  const failed =
    request?.state.status === 'PendingProvisioning'
      ? moved(request, { ...request.state, status: 'Failed', closedAt: now })
      : null;
  return accept(null, {
    put: [putAssignment(active), ...(failed ? [putRequest(failed)] : [])],
    audit: [
      fact('extension.fail', actor, aboutProvisioning({ assignment, request, place }), { reason, result: 'failure' }),
    ],
    withdrawDeadlinesOf: [assignment.id],
    // Where the old end has passed meanwhile, it is due at once.
    deadlines: deadlinesUntil(assignment.id, assignment.endsAt, now),
    events: [
      failed ? changed(failed, 'Failed') : assignmentChanged(active, null),
      { type: 'provisioning-stuck', assignmentId: assignment.id, principalId: assignment.principalId },
    ],
  });
}
