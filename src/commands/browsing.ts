import type { AuditEntry } from '../domain/audit.ts';
import type { GroupId, PersonId, RoleId, ScopeId } from '../domain/ids.ts';
import type { AssignmentRequest } from '../domain/request.ts';
import type { RoleDefinition } from '../domain/role.ts';
import type { Audience } from '../domain/role-settings.ts';
import type { Scope } from '../domain/scope.ts';
import type { Sight } from '../domain/sight.ts';

/** Who looks, and what they may see of others. */
export interface Viewer {
  readonly personId: PersonId;
  readonly sight: Sight;
  readonly now: Date;
}

/** A part of a list: where there is no such page, the last one. */
export interface Page {
  readonly skip: number;
  readonly take: number;
}

export interface Listed<T> {
  readonly total: number;
  readonly items: readonly T[];
}

/** Assignments that have not ended. */
export interface Counts {
  readonly eligible: number;
  readonly active: number;
}

export interface ScopeInTree extends Scope, Counts {
  /** Names of what it is in, from the top. */
  readonly above: readonly string[];
}

export interface RoleAt extends RoleDefinition, Counts {
  /** How many of them come from above. */
  readonly inherited: number;
}

/** Somebody, or a group, with one assignment; who has it through a group is listed by themselves too. */
export interface RoleMember {
  readonly personId: PersonId | null;
  readonly groupId: GroupId | null;
  readonly name: string;
  readonly guest: boolean;
  readonly kind: 'eligible' | 'active';
  readonly status: 'InForce' | 'Scheduled' | 'Active' | 'Provisioning' | 'Revoking';
  /** From an eligible assignment. */
  readonly activated: boolean;
  /** The group through which they have it. */
  readonly through: string | null;
  readonly scope: string;
  readonly startsAt: Date;
  readonly endsAt: Date | null;
}

export interface MemberFilter {
  readonly roleId: RoleId;
  /** At this scope and above; `null` for wherever the viewer may see it. */
  readonly scopeIds: readonly ScopeId[] | null;
  readonly kind: 'eligible' | 'active' | null;
  readonly guestsOnly: boolean;
  /** A part of a name or address. */
  readonly text: string;
}

/** What there was in a span of time, and is now, of what somebody may see. */
export interface DigestCounts extends Counts {
  /** Since then. */
  readonly activations: number;
  /** Requests for an approval. */
  readonly waiting: number;
  /** Which the target system does not take, or not give up. */
  readonly stuck: number;
  /** Requests that timed out since then. */
  readonly unanswered: number;
  /** People who could not be told something since then, about anybody. */
  readonly undeliverable: number;
}

/** What browsing reads. It is filtered and cut into pages where it lies; the whole tree is never loaded. */
export interface Browsing {
  /** The scopes, groups aside, that the viewer may see or holds something at, with what they may see there. */
  scopeTree(viewer: Viewer, filter: string, page: Page): Promise<Listed<ScopeInTree>>;
  /**
   * Where the viewer may see who holds something, by a part of the name or by the path; an exact match alone, where there
   * is one. For `resources` that is where they may see resource roles; `places` are these and the directory.
   */
  viewedScopes(viewer: Viewer, text: string, kinds: 'resources' | 'places' | 'groups', take: number): Promise<Scope[]>;
  /** Roles held at the first of these scopes or inherited from the others, by name. */
  rolesAt(viewer: Viewer, scopeIds: readonly ScopeId[], page: Page): Promise<Listed<RoleAt>>;
  digest(viewer: Viewer, since: Date): Promise<DigestCounts>;
  /** By name. */
  roleMembers(viewer: Viewer, filter: MemberFilter, page: Page): Promise<Listed<RoleMember>>;
  /** Where settings of the role are set, among these scopes. */
  settingsSetAt(
    roleId: RoleId,
    scopeIds: readonly ScopeId[],
  ): Promise<readonly { readonly scopeId: ScopeId; readonly audience: Audience }[]>;
}

/** What of the record is asked for; `null` or empty for everything. */
export interface RecordFilter {
  /** Whom it concerns, or who did it. */
  readonly personId: PersonId | null;
  readonly role: string | null;
  /** A name or a path. */
  readonly scope: string | null;
  readonly from: Date | null;
  /** Before this. */
  readonly to: Date | null;
  readonly result: 'success' | 'failure' | null;
  /** A part of an action's name. */
  readonly action: string;
}

/** What is read of the record by those who may not read all of it. */
export interface Records {
  /**
   * Entries up to a sequence number that the viewer may see, newest first: what concerns them or was done by them; what is
   * about a role where they may see who holds it; and what is about no role, for readers of the audit.
   */
  record(viewer: Viewer, filter: RecordFilter, upTo: number, page: Page): Promise<Listed<AuditEntry>>;
  /** Everything about a request, and about what extends its activation, oldest first. */
  storyOf(request: Pick<AssignmentRequest, 'id' | 'state'>): Promise<AuditEntry[]>;
  requestsByReference(reference: string): Promise<AssignmentRequest[]>;
}
