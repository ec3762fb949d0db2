/** Ids that must not be mixed up. They are UUIDs, except a scope's, which is its path. */
declare const brand: unique symbol;
type Id<Name extends string> = string & { readonly [brand]: Name };

export type PersonId = Id<'Person'>;
export type GroupId = Id<'Group'>;
/** Who may hold an assignment. */
export type PrincipalId = PersonId | GroupId;
export type ChatAccountId = Id<'ChatAccount'>;
export type InvitationId = Id<'Invitation'>;
export type ChallengeId = Id<'Challenge'>;
export type RoleId = Id<'Role'>;
/** A path such as `/subscriptions/finance/resourceGroups/rg-expenses`; the directory is `/`. */
export type ScopeId = Id<'Scope'>;
export type AssignmentId = Id<'Assignment'>;
export type RequestId = Id<'Request'>;
export type DelegationId = Id<'Delegation'>;
export type SettingsProposalId = Id<'SettingsProposal'>;
export type SettingsChangeId = Id<'SettingsChange'>;
export type CredentialId = Id<'Credential'>;
export type EnrolmentId = Id<'Enrolment'>;
export type StepUpId = Id<'StepUp'>;

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether a text from outside can be an id at all. */
export const isUuid = (text: string): boolean => uuid.test(text);

/** The short form of an id that people read and type: its last eight digits. */
export const reference = (id: string): string => id.slice(-8);
