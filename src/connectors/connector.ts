import type { AssignmentId, PrincipalId, RoleId, ScopeId } from '../domain/ids.ts';

/** The state that one assignment should have in the target system. */
export interface Wish {
  readonly assignmentId: AssignmentId;
  readonly principalId: PrincipalId;
  /** The principal in the target system's own directory. */
  readonly objectId: string | null;
  readonly roleId: RoleId;
  readonly scopeId: ScopeId;
  /**
   * `granted` until `endsAt` (`null`: without end); `moved`: granted already, and to end at `endsAt` now; or `gone`.
   */
  readonly want: { readonly state: 'granted' | 'moved'; readonly endsAt: Date | null } | { readonly state: 'gone' };
}

/** What the target system says of an assignment: `null` when it grants nothing for it. */
export type Fact = { readonly endsAt: Date | null } | null;

export type Applied =
  | { readonly applied: true }
  | { readonly applied: false; readonly reason: string; readonly forGood: boolean };

/**
 * A target system: where access is real. Both calls take many at once, and both may be repeated without harm:
 * what is granted already keeps the end that it has until it is moved, what is gone stays gone.
 */
export interface Connector {
  readonly name: string;
  /** One result a wish, in their order. @throws {RetryLater} when the target system is busy or down. */
  apply(wishes: readonly Wish[]): Promise<readonly Applied[]>;
  /** Reads back what is really there, one fact an id, in their order. @throws {RetryLater} */
  read(assignmentIds: readonly AssignmentId[]): Promise<readonly Fact[]>;
}
