import { type Activation, aboutAssignment, fact, type Place } from './activation-parts.ts';
import type { EligibleAssignment } from './assignment.ts';
import type { Actor } from './audit.ts';
import { accept, type Change, type Context, type Decision, refuse } from './change.ts';
import { closeEligible, type Dependents, endActive } from './ending.ts';
import type { AssignmentId } from './ids.ts';
import { tooLong } from './text-limits.ts';

/** An assignment that an administrator takes away, with what ends together with it. */
export type Removal = { readonly dependents: Dependents } & (
  | { readonly kind: 'eligible'; readonly eligible: EligibleAssignment; readonly place: Place }
  | { readonly kind: 'active'; readonly activation: Activation }
);

/**
 * Takes an assignment away in whatever state it is (PIM: `adminRemove`). An eligible one takes its requests and
 * activations along; what is in the target system, or may be on its way there, counts as gone only when that confirms
 * it; what has not begun ends at once. One that is ending already is tried again now. Refuses `managed-over` and
 * `text-too-long`.
 */
export function adminRemove(
  removal: Removal,
  justification: string,
  actor: Actor,
  context: Context,
): Decision<{ assignmentId: AssignmentId }> {
  const reason = justification.trim() || null;
  const long = tooLong('justification', reason ?? '');
  if (long) return refuse(long);
  const ending = { why: 'removed' as const, reason };
  const remove = (assignmentId: AssignmentId, change: Partial<Change>) => accept({ assignmentId }, change);

  if (removal.kind === 'eligible') {
    const { eligible } = removal;
    if (eligible.state.status === 'Ended') return refuse({ code: 'managed-over', status: 'Ended' });
    return remove(eligible.id, closeEligible(removal, ending, actor, context));
  }
  const { activation, dependents } = removal;
  const { assignment, place } = activation;
  switch (assignment.state.status) {
    case 'Ended':
    case 'Failed':
      return refuse({ code: 'managed-over', status: assignment.state.status });
    case 'Revoking':
      return remove(assignment.id, {
        audit: [
          fact('assignment.remove', actor, aboutAssignment(assignment, place), {
            reason,
            details: { assignment: assignment.id, before: 'Revoking', after: 'Revoking' },
          }),
        ],
        provision: [assignment.id],
      });
    case 'Scheduled':
    case 'Provisioning':
    case 'Extending':
    case 'Active':
      return remove(assignment.id, endActive(activation, dependents, ending, actor, context));
    default:
      return assignment.state satisfies never;
  }
}
