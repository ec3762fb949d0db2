import { type Assignment, isDirect } from './assignment.ts';
import type { PersonId, RoleId, ScopeId } from './ids.ts';
import type { NotifiedEvent, NotifiedParty, RoleSettings } from './role-settings.ts';

/** An event of which a role's settings at a scope say who is told. */
export interface Notified {
  readonly event: NotifiedEvent;
  readonly roleId: RoleId;
  readonly scopeId: ScopeId;
}

/** News of this assignment: of what was assigned as it is, or of an activation. */
export const notifiedOf = (assignment: Assignment): Notified => ({
  event: !isDirect(assignment) ? 'activated' : assignment.kind === 'eligible' ? 'assignedEligible' : 'assignedActive',
  roleId: assignment.roleId,
  scopeId: assignment.scopeId,
});

interface Somebody {
  readonly id: PersonId;
  readonly mail: string;
}

/** The people on one side of an event. */
export interface Side {
  readonly party: NotifiedParty;
  readonly people: readonly Somebody[];
  /** It asks them to do something, such as to decide. */
  readonly critical: boolean;
}

export interface Told {
  readonly party: NotifiedParty;
  readonly personIds: readonly PersonId[];
  /** Mail addresses. */
  readonly addresses: readonly string[];
}

/**
 * Who of these is told, and at which other addresses. Nobody twice: who is on several sides is told on the first, and
 * neither who knows already, nor their address, is told at all. Where settings want only what is critical, news that
 * asks for nothing to be done is told to nobody on that side.
 * Rule: Microsoft Entra PIM, "Configure role settings", notification settings.
 */
export function whoIsTold(
  recipients: RoleSettings['notifications'][NotifiedEvent],
  sides: readonly Side[],
  knowing: readonly Somebody[] = [],
): readonly Told[] {
  const told = new Map(knowing.map(({ id, mail }) => [id, mail.toLowerCase()]));
  const wanted = sides.filter(({ party, critical }) => critical || !recipients[party].criticalOnly);
  const personIds = wanted.map(({ party, people }) => {
    const these = recipients[party].toDefault ? people.filter(({ id }) => !told.has(id)) : [];
    for (const { id, mail } of these) told.set(id, mail.toLowerCase());
    return these.map(({ id }) => id);
  });
  const reached = new Set(told.values());
  return wanted.map(({ party }, index) => {
    const addresses = recipients[party].extra.filter((address) => !reached.has(address.toLowerCase()));
    for (const address of addresses) reached.add(address.toLowerCase());
    return { party, personIds: personIds[index] ?? [], addresses };
  });
}
