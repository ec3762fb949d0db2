import { formatDuration } from '../domain/duration.ts';
import type { ForbiddenAct, Refusal, RefusalCode } from '../domain/refusal.ts';
import type { RequestStatus } from '../domain/request.ts';
import type { CardData } from './cards.ts';

type Time = (instant: Date) => string;
type Sentence = {
  readonly title: string;
  readonly text: string;
  readonly next?: string;
  readonly command?: CardData['refusal']['command'];
};
type Of<Code extends RefusalCode> = Extract<Refusal, { code: Code }>;

const list = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;

const didYouMean = (suggestions: readonly string[]): string =>
  suggestions.length > 0 ? ` Did you mean ${list(suggestions)}?` : '';

const acts: Record<ForbiddenAct, string> = {
  invite: 'invite guests',
  'assign-role': 'assign this role here',
  'read-audit': 'read the audit log',
  'manage-invitation': 'handle this invitation',
};

const decided: Record<RequestStatus, string> = {
  PendingApproval: 'is waiting for approval',
  PendingProvisioning: 'was approved already',
  Provisioned: 'was approved already',
  Denied: 'was denied already',
  Canceled: 'was canceled',
  TimedOut: 'timed out before anybody decided',
  Failed: 'was approved, but the access could not be set up',
};

const statusCommand = { title: 'Show my requests', verb: 'status' };
const rolesCommand = { title: 'Show my roles', verb: 'roles' };
const approvalsCommand = { title: 'Show what waits for me', verb: 'approvals' };
const notInvited = 'Nobody was invited.';

/** One sentence a refusal, and what to do next: the words of every no that Usher says. */
const sentences: { readonly [Code in RefusalCode]: (refusal: Of<Code>, time: Time) => Sentence } = {
  'input-invalid': ({ field, problem }) => ({
    title: 'That could not be read',
    text: field ? `“${field}” ${problem}.` : `The message ${problem}.`,
    next: 'Correct it and send it again. “help” shows how each command is written.',
  }),
  'account-unlinked': () => ({
    title: 'Who are you?',
    text: 'This chat account does not belong to anybody I know yet.',
    next: 'Type “link” and your e-mail address; I will send a code there.',
  }),
  'account-disabled': () => ({
    title: 'Your account is blocked',
    text: 'Your account in this organisation is blocked, so nothing can be done with it.',
    next: 'Ask the person who invited you, or an administrator.',
  }),
  'invitation-not-redeemed': () => ({
    title: 'Accept your invitation first',
    text: 'You have been invited, and have not accepted yet.',
    next: 'Open the link in the invitation mail. If you can’t find it, ask whoever invited you to send it again.',
  }),
  'not-allowed': ({ what, needs }) => ({
    title: 'You may not do that',
    text: `To ${acts[what]} you need one of these roles to be active: ${list(needs)}.`,
    next: 'If you are eligible for one of them, activate it; else ask an administrator.',
    command: rolesCommand,
  }),
  'email-invalid': ({ email }) => ({
    title: 'Not an e-mail address',
    text: `“${email}” is not an e-mail address. ${notInvited}`,
    next: 'Write it like name@company.example.',
  }),
  'email-plus': ({ suggestion }) => ({
    title: 'No plus sign, please',
    text: `Addresses with a plus sign can’t be invited. ${notInvited}`,
    next: `Invite ${suggestion} instead.`,
  }),
  'email-group': ({ email }) => ({
    title: 'That is a mailing list',
    text: `${email} reaches several people; an invitation is for one person. ${notInvited}`,
    next: 'Invite the person by their own address.',
  }),
  'domain-blocked': ({ domain }) => ({
    title: 'This domain is blocked',
    text: `The organisation does not allow guests from ${domain}. ${notInvited}`,
    next: 'An administrator can change the collaboration settings.',
  }),
  'invitations-off': () => ({
    title: 'Invitations are off',
    text: 'The organisation does not allow anybody to invite guests.',
    next: 'An administrator can change the collaboration settings.',
  }),
  'already-invited': ({ email }) => ({
    title: 'Already invited',
    text: `${email} has been invited already, and has not accepted.`,
    next: `Type “resend ${email}” to send the mail again, also when it was declined or revoked. Or add --role and --scope to make them eligible for a role.`,
  }),
  'already-here': ({ email }) => ({
    title: 'Already here',
    text: `${email} is in the organisation already.`,
    next: 'Add --role and --scope to make them eligible for a role.',
  }),
  'invitation-unknown': ({ email }) => ({
    title: 'No such invitation',
    text: email ? `${email} has no invitation.` : 'There is no such invitation.',
    next: 'Type “invite” and the address to send one.',
  }),
  'invitation-closed': ({ outcome }) => ({
    title: `Invitation ${outcome.toLowerCase()}`,
    text: `This invitation was ${outcome.toLowerCase()} already.`,
    next:
      outcome === 'Accepted'
        ? 'The account is in use. What it may do follows from its roles, not from the invitation.'
        : 'A new invitation is needed: ask whoever sent this one.',
  }),
  'role-unknown': ({ role, suggestions }) => ({
    title: 'No such role',
    text: `There is no role “${role}”.${didYouMean(suggestions)}`,
    next: 'Put a name with spaces in quotes: --role "User Administrator".',
  }),
  'role-needs-scope': ({ role, scopes }) => ({
    title: 'Where?',
    text: `${role} is held at a scope; none was given.`,
    next: `Add --scope with one of these: ${scopes.slice(0, 8).join(', ')}${scopes.length > 8 ? ', …' : ''}.`,
  }),
  'scope-needs-role': ({ scope }) => ({
    title: 'Which role?',
    text: `The scope ${scope} was given, but no role.`,
    next: 'Add --role with the name of a role.',
  }),
  'scope-unknown': ({ scope, suggestions }) => ({
    title: 'No such scope',
    text: `There is no scope “${scope}”.${didYouMean(suggestions)}`,
  }),
  'scope-ambiguous': ({ scope, matches }) => ({
    title: 'Which one?',
    text: `Several scopes are called ${scope}.`,
    next: `Give the whole path: ${list(matches)}.`,
  }),
  'role-not-at-scope': ({ role, scope }) => ({
    title: 'Not there',
    text: `${role} can’t be held at ${scope}: directory roles are held at the directory, resource roles below it.`,
  }),
  'duration-invalid': ({ given }) => ({
    title: 'How long?',
    text: `“${given}” is not a duration.`,
    next: 'Write it like 30m, 4h, 1h30m, 90d or 2w.',
  }),
  'eligibility-too-long': ({ maximumMinutes }) => ({
    title: 'Too long',
    text: `An eligible assignment to this role may last ${formatDuration(maximumMinutes)} at the most.`,
    next: 'Choose a shorter time.',
  }),
  'permanent-not-allowed': ({ maximumMinutes }) => ({
    title: 'Not for ever',
    text: `Eligible assignments to this role have to end; ${formatDuration(maximumMinutes)} is the longest.`,
    next: 'Choose a duration.',
  }),
  'already-eligible': ({ role, scope, until }, time) => ({
    title: 'Already eligible',
    text: `They are eligible for ${role} at ${scope} already${until ? `, until ${time(until)}` : ''}.`,
  }),
  'link-stale': () => ({
    title: 'This link no longer works',
    text: 'It was replaced by a newer mail, or was never complete.',
    next: 'Use the link in the newest mail, or ask whoever invited you to send it again.',
  }),
  'code-wrong': ({ triesLeft }) => ({
    title: 'That is not the code',
    text: `The code is wrong; ${triesLeft} ${triesLeft === 1 ? 'try is' : 'tries are'} left.`,
    next: 'Check the newest mail and try again.',
  }),
  'code-spent': () => ({
    title: 'This code no longer works',
    text: 'It was used, is too old, or was tried too often.',
    next: 'Ask for a new code.',
  }),
  'code-throttled': ({ retryAt }, time) => ({
    title: 'One moment',
    text: `A code was sent a moment ago. You can ask for another at ${time(retryAt)}.`,
    next: 'Look into your mail, also into the spam folder.',
  }),
  'terms-not-accepted': () => ({
    title: 'Terms of use',
    text: 'The organisation asks you to accept its terms of use.',
    next: 'Tick the box to go on, or decline the invitation.',
  }),
  'already-linked': () => ({
    title: 'Already linked',
    text: 'This chat account belongs to you already.',
    next: 'Type “help” to see what you can do.',
  }),
  'eligibility-unknown': () => ({
    title: 'Nothing to activate',
    text: 'You are not eligible for that role there.',
    command: rolesCommand,
  }),
  'eligibility-ambiguous': ({ matches }) => ({
    title: 'Which one?',
    text: `You are eligible for several: ${list(matches)}.`,
    next: 'Name the role and the scope, or choose from your roles.',
    command: rolesCommand,
  }),
  'eligibility-not-started': ({ startsAt }, time) => ({
    title: 'Not yet',
    text: `You can activate this role from ${time(startsAt)}.`,
  }),
  'eligibility-ended': ({ endedAt }, time) => ({
    title: 'No longer eligible',
    text: `The eligible assignment ended ${time(endedAt)}.`,
    next: 'An administrator can assign it again.',
  }),
  'activation-too-short': ({ minimumMinutes }) => ({
    title: 'Too short',
    text: `An activation lasts ${formatDuration(minimumMinutes)} at least.`,
    next: 'Choose a longer time; you can deactivate it when you are done.',
  }),
  'activation-too-long': ({ maximumMinutes, because }) => ({
    title: 'Too long',
    text:
      because === 'role'
        ? `This role can be active for ${formatDuration(maximumMinutes)} at the most.`
        : `You are eligible for another ${formatDuration(maximumMinutes)} only.`,
    next: 'Choose a shorter time.',
  }),
  'justification-missing': () => ({
    title: 'Why?',
    text: 'A justification is required.',
    next: 'Say in a few words what it is for.',
  }),
  'text-too-long': ({ field, maximum, given }) => ({
    title: 'Too much text',
    text: `The ${field === 'displayName' ? 'name' : field} has ${given} characters; ${maximum} is the limit.`,
    next: 'Please shorten it.',
  }),
  'ticket-missing': () => ({
    title: 'Which ticket?',
    text: 'This role asks for the number of a ticket.',
    next: 'Add it and send the request again.',
  }),
  'already-active': ({ until }, time) => ({
    title: 'Already active',
    text: `This role is active already${until ? `, until ${time(until)}` : ''}.`,
    command: statusCommand,
  }),
  'already-requested': () => ({
    title: 'Already requested',
    text: 'A request for this role is open already.',
    next: 'Wait for its decision, or cancel it.',
    command: statusCommand,
  }),
  'nobody-can-approve': () => ({
    title: 'Nobody could approve',
    text: 'This role needs an approval, and nobody else than you could give it. Nothing was requested.',
    next: 'Ask an administrator to name an approver.',
  }),
  'request-unknown': () => ({
    title: 'No such request',
    text: 'There is no request like that for you.',
    command: statusCommand,
  }),
  'request-ambiguous': ({ matches }) => ({
    title: 'Which one?',
    text: `There are several: ${list(matches)}.`,
    next: 'Add the number, or use the buttons of the list.',
    command: statusCommand,
  }),
  'request-decided': ({ status, by, at }, time) => ({
    title: 'Too late',
    text: `This request ${decided[status]}${by ? ` by ${by}` : ''}${at ? `, ${time(at)}` : ''}.`,
  }),
  'requester-unavailable': () => ({
    title: 'The requester’s account is blocked',
    text: 'The requester can’t use the role at present, so it can’t be approved.',
    next: 'Deny the request, or wait until the account is in order again.',
  }),
  'self-approval': () => ({
    title: 'Not your own',
    text: 'Nobody decides a request of their own.',
    next: 'Another approver has been asked.',
  }),
  'not-an-approver': () => ({
    title: 'You may not decide this',
    text: 'You are not an approver of this role.',
    command: approvalsCommand,
  }),
  'assignment-unknown': () => ({
    title: 'Nothing to deactivate',
    text: 'You have no active role like that.',
    command: statusCommand,
  }),
  'assignment-not-active': ({ status }) => ({
    title: 'Not active',
    text:
      status === 'Provisioning' ? 'The access is still being set up.' : 'The access is ending or has ended already.',
    command: statusCommand,
  }),
  'too-early-to-deactivate': ({ possibleAt }, time) => ({
    title: 'Too early',
    text: `A role can’t be deactivated in its first five minutes. You can do it from ${time(possibleAt)}.`,
  }),
};

/** The card of a refusal. `time` writes instants for the reader. */
export function refusalCard(refusal: Refusal, time: Time): CardData['refusal'] {
  const write = sentences[refusal.code] as (refusal: Refusal, time: Time) => Sentence;
  const { title, text, next = null, command = null } = write(refusal, time);
  return { title, text, next, command };
}

/** The refusal in one line, as a form shows it. */
export const refusalLine = (refusal: Refusal, time: Time): string => {
  const { text, next } = refusalCard(refusal, time);
  return next ? `${text} ${next}` : text;
};
