import { z } from 'zod';
import { adminAssign, principalId } from '../domain/assign.ts';
import { noDependents } from '../domain/ending.ts';
import type { AssignmentId } from '../domain/ids.ts';
import { adminRemove, type Removal } from '../domain/remove-assignment.ts';
import { adminUpdate, type UpdateWish, updatable } from '../domain/update-assignment.ts';
import { assignmentInput, durationOf, findPlace, instantOf, openLike, wishOf } from './assignment-wish.ts';
import { dependentsOf } from './dependents.ts';
import type { PersonCommand } from './execute.ts';
import { askingFirst, givingAgain } from './give-confirmed.ts';
import { audienceOf, isRefusal } from './lookups.ts';
import { findManaged, managedInput } from './managed.ts';
import { findPrincipal } from './principals.ts';

type Answer = { readonly assignmentId: AssignmentId };

const assignInput = z.object({ principal: z.string().default(''), ...assignmentInput });

/** The command {@link assign}, whether or not who gives it has confirmed that it is them. */
export const assignConfirmed: PersonCommand<z.output<typeof assignInput>, Parameters<typeof adminAssign>[0], Answer> = {
  name: 'assign',
  for: 'person',
  input: assignInput,
  load: async (reads, given, caller, now) => {
    // Rights first: who manages nothing there learns nobody's name.
    const place = await findPlace(reads, given, caller);
    if (isRefusal(place)) return place;
    const principal = await findPrincipal(reads, given.principal);
    if (isRefusal(principal)) return principal;
    const wish = wishOf(place, given, now);
    if (isRefusal(wish)) return wish;
    const audience = principal.kind === 'person' ? audienceOf(principal.person) : 'everyone';
    const [settings, existing] = await Promise.all([
      reads.roleSettings(place.role, place.chain, audience),
      openLike(reads, principalId(principal), wish),
    ]);
    return { principal, wish, settings, existing, managerId: caller.person.id };
  },
  decide: (state, _given, { actor }, context) => adminAssign(state, actor, context),
};

/** Makes a person or a group eligible for a role, or gives it to them directly. */
export const assign = askingFirst(assignConfirmed, ({ principal, wish, settings }) =>
  wish.kind === 'eligible'
    ? null
    : {
        requires: settings.activeAssignmentRequires,
        subjectId: principalId(principal),
        role: wish.role.id,
        scope: wish.scope.id,
        whom: principalId(principal),
        input: { principal: principal.kind === 'person' ? principal.person.mail : principal.group.id },
      },
);

const removeInput = z.object({ ...managedInput, justification: z.string().default('') });

/** Takes an assignment away, whatever state it is in. */
export const unassign: PersonCommand<z.output<typeof removeInput>, Removal, Answer> = {
  name: 'unassign',
  for: 'person',
  input: removeInput,
  load: async (reads, given, caller) => {
    const managed = await findManaged(reads, given, caller);
    if (isRefusal(managed)) return managed;
    const { assignment, governed } = managed;
    const { place } = governed;
    const dependents = await dependentsOf(reads, assignment);
    if (assignment.kind === 'eligible') return { kind: 'eligible', eligible: assignment, place, dependents };
    const request = assignment.requestId ? await reads.request(assignment.requestId) : null;
    return { kind: 'active', activation: { assignment, request, place }, dependents };
  },
  decide: (removal, { justification }, { actor }, context) => adminRemove(removal, justification, actor, context),
};

const updateInput = z.object({
  ...managedInput,
  duration: z.string().default(''),
  from: z.string().default(''),
  justification: z.string().default(''),
});

/** The command {@link update}, whether or not who gives it has confirmed that it is them. */
export const updateConfirmed: PersonCommand<
  z.output<typeof updateInput>,
  Parameters<typeof adminUpdate>[0] & { readonly wish: UpdateWish },
  Answer
> = {
  name: 'update',
  for: 'person',
  input: updateInput,
  load: async (reads, given, caller, now) => {
    const managed = await findManaged(reads, given, caller);
    if (isRefusal(managed)) return managed;
    const { assignment, governed } = managed;
    const changeable = updatable(assignment);
    if ('code' in changeable) return { refusal: changeable };
    const duration = durationOf(given.duration);
    if (duration !== null && typeof duration === 'object') return duration;
    const startsAt = instantOf(given.from, now);
    if (startsAt && 'refusal' in startsAt) return startsAt;
    const wish = { duration, startsAt, justification: given.justification };
    const [[openRequest = null], others, { activations }] = await Promise.all([
      reads.openExtensionsOf([assignment.id]),
      reads.othersLike(assignment),
      assignment.kind === 'eligible' ? dependentsOf(reads, assignment) : noDependents,
    ]);
    const { place, settings } = governed;
    return { assignment: changeable, place, settings, openRequest, others, activations, wish };
  },
  decide: ({ wish, ...state }, _given, { actor }, context) => adminUpdate(state, wish, actor, context),
};

/** Moves the end of an assignment, or its start while that lies ahead. */
export const update = askingFirst(updateConfirmed, ({ assignment, settings }) => givingAgain(assignment, settings));
