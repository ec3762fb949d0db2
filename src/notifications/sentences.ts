import { formatDuration } from '../domain/duration.ts';
import type { Language } from '../domain/language.ts';
import type { ForbiddenAct, Refusal } from '../domain/refusal.ts';
import type { RequestStatus } from '../domain/request.ts';
import type { CardData } from './cards.ts';
import { alternatives, type Reading, type Sentence, type Sentences } from './sentence.ts';
import { germanSentences } from './sentences-de.ts';
import { settingWords } from './setting-words.ts';

const list = (names: readonly string[]): string => alternatives(names, 'or');

const didYouMean = (suggestions: readonly string[]): string =>
  suggestions.length > 0 ? ` Did you mean ${list(suggestions)}?` : '';

const acts: Record<ForbiddenAct, string> = {
  invite: 'invite guests',
  'assign-role': 'assign this role here',
  'read-audit': 'read the audit log',
  'read-digest': 'read the weekly digest of administrators',
  'manage-invitation': 'handle this invitation',
  'view-assignments': 'see who holds this',
  'manage-settings': 'change the settings of this role here',
  'view-settings': 'see the settings of this role here',
  'reset-credentials': 'reset how somebody confirms that it is them',
  'read-history': 'read the history of others',
  'create-group': 'create a group of this kind',
  elevate: 'elevate yourself',
  'oversee-break-glass': 'end or review this access',
};

const decided: Record<RequestStatus, string> = {
  PendingEvaluation: 'is waiting for its requester to confirm that it is them',
  PendingApproval: 'is waiting for approval',
  ScheduleCreated: 'was approved already, and is scheduled',
  PendingProvisioning: 'was approved already',
  Provisioned: 'was approved already',
  Denied: 'was denied already',
  Canceled: 'was canceled',
  TimedOut: 'timed out before anybody decided',
  Failed: 'was approved, but the access could not be set up',
  Revoked: 'was approved, and an administrator has taken the access away',
};

const statusCommand = { title: 'Show my requests', verb: 'status' };
const rolesCommand = { title: 'Show my roles', verb: 'roles' };
const approvalsCommand = { title: 'Show what waits for me', verb: 'approvals' };
const notInvited = 'Nobody was invited.';

/** One sentence a refusal, and what to do next: the words of every no that Usher says. In German: `sentences-de.ts`. */
const sentences: Sentences = {
  'input-invalid': ({ field, problem }) => ({
    at: field,
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
    at: 'email',
    title: 'Not an e-mail address',
    text: `“${email}” is not an e-mail address. ${notInvited}`,
    next: 'Write it like name@company.example.',
  }),
  'email-plus': ({ suggestion }) => ({
    at: 'email',
    title: 'No plus sign, please',
    text: `Addresses with a plus sign can’t be invited. ${notInvited}`,
    next: `Invite ${suggestion} instead.`,
  }),
  'email-group': ({ email }) => ({
    at: 'email',
    title: 'That is a mailing list',
    text: `${email} reaches several people; an invitation is for one person. ${notInvited}`,
    next: 'Invite the person by their own address.',
  }),
  'domain-blocked': ({ domain }) => ({
    at: 'email',
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
    at: 'email',
    title: 'Already invited',
    text: `${email} has been invited already, and has not accepted.`,
    next: `Type “resend ${email}” to send the mail again, also when it was declined or revoked. Or add --role and --scope to make them eligible for a role.`,
  }),
  'already-here': ({ email }) => ({
    at: 'email',
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
    at: 'role',
    title: 'No such role',
    text: `There is no role “${role}”.${didYouMean(suggestions)}`,
    next: 'Put a name with spaces in quotes: --role "User Administrator".',
  }),
  'role-needs-scope': ({ role, scopes }) => ({
    at: 'scope',
    title: 'Where?',
    text: `${role} is held at a scope; none was given.`,
    next: `Add --scope with one of these: ${scopes.slice(0, 8).join(', ')}${scopes.length > 8 ? ', …' : ''}.`,
  }),
  'scope-needs-role': ({ scope }) => ({
    at: 'role',
    title: 'Which role?',
    text: `The scope ${scope} was given, but no role.`,
    next: 'Add --role with the name of a role.',
  }),
  'scope-unknown': ({ scope, suggestions }) => ({
    at: 'scope',
    title: 'No such scope',
    text: `There is no scope “${scope}”.${didYouMean(suggestions)}`,
  }),
  'scope-ambiguous': ({ scope, matches, more }) => ({
    at: 'scope',
    title: 'Which one?',
    text: `Several scopes have “${scope}” in their name.`,
    next:
      more > 0
        ? `Type more of it, or the whole path: ${matches.join(', ')} and ${more} more.`
        : `Give the whole path: ${list(matches)}.`,
  }),
  'role-not-at-scope': ({ role, scope }) => ({
    at: 'scope',
    title: 'Not there',
    text: `${role} can’t be held at ${scope}: directory roles are held at the directory, resource roles below it.`,
  }),
  'duration-invalid': ({ given }) => ({
    at: 'duration',
    title: 'How long?',
    text: `“${given}” is not a duration.`,
    next: 'Write it like 30m, 4h, 1h30m, 90d or 2w.',
  }),
  'assignment-too-long': ({ kind, maximumMinutes }) => ({
    at: 'duration',
    title: 'Too long',
    text: `An ${kind} assignment to this role may last ${formatDuration(maximumMinutes, 'en')} at the most.`,
    next: 'Choose a shorter time.',
  }),
  'permanent-not-allowed': ({ kind, maximumMinutes }) => ({
    at: 'duration',
    title: 'Not for ever',
    text: `${kind === 'eligible' ? 'Eligible' : 'Active'} assignments to this role have to end; ${formatDuration(maximumMinutes, 'en')} is the longest.`,
    next: 'Choose a duration.',
  }),
  'already-assigned': ({ kind, role, scope, from, until, reference }, time) => ({
    at: 'role',
    title: kind === 'eligible' ? 'Already eligible' : 'Already active',
    text: `${kind === 'eligible' ? 'They are eligible for' : 'They have'} ${role} at ${scope} already${from ? `, from ${time(from)}` : ''}${until ? `, until ${time(until)}` : ''}.`,
    next: `Update it instead: “update ${reference}”. Or choose a time outside of it.`,
  }),
  'instant-invalid': ({ given, field }) => ({
    at: field ?? 'from',
    title: 'When?',
    text: `“${given}” is no time.`,
    next: 'Write it like 2026-12-01 09:00, tomorrow 9:00, 17:30, or 2d for in two days.',
  }),
  'start-in-past': ({ startsAt }, time) => ({
    at: 'from',
    title: 'That is over',
    text: `Nothing can begin in the past, ${time(startsAt)}.`,
    next: 'Choose a later start, or none to begin at once.',
  }),
  'started-already': ({ startsAt }, time) => ({
    at: 'from',
    title: 'It has begun',
    text: `This assignment began ${time(startsAt)}; its start can’t be moved any more.`,
    next: 'Change its end, or remove it.',
  }),
  'end-before-start': ({ startsAt, endsAt }, time) => ({
    at: 'duration',
    title: 'It would never be in force',
    text: `It would begin ${time(startsAt)}, and end ${time(endsAt)}.`,
    next: 'Say how long it is to last, too.',
  }),
  'nothing-to-change': () => ({
    at: 'duration',
    title: 'Nothing to change',
    text: 'Neither a new end nor a new start was given.',
    next: 'Add --for, --permanent or --from.',
  }),
  'overlaps-another': ({ from, until }, time) => ({
    at: 'duration',
    title: 'There is another one',
    text: `Another assignment like this lasts from ${time(from)}${until ? ` until ${time(until)}` : ', without an end'}.`,
    next: 'Choose a time outside of it, or have that one changed.',
  }),
  'active-not-updatable': ({ because }) => ({
    title: 'Not to be changed now',
    text: {
      activation: 'It came from activating an eligible assignment, and lasts as long as was asked for.',
      'not-there-yet': 'The target system has not confirmed yet that it is there.',
      'under-way': 'Its end is being moved already.',
      ending: 'It is ending already.',
    }[because],
    next: {
      activation: 'Change the eligible assignment, or remove the activation.',
      'not-there-yet': 'Try again in a moment.',
      'under-way': 'Try again in a moment.',
      ending: 'Assign the role again if it is still needed.',
    }[because],
  }),
  'principal-missing': () => ({
    at: 'principal',
    title: 'Who?',
    text: 'Nobody was named.',
    next: 'Give an e-mail address, a name, or the name of a group.',
  }),
  'principal-unknown': ({ principal }) => ({
    at: 'principal',
    title: 'Nobody like that',
    text: `There is no person and no group “${principal}”.`,
    next: 'Check the address. Somebody new has to be invited first: type “invite”.',
  }),
  'principal-ambiguous': ({ principal, matches }) => ({
    at: 'principal',
    title: 'Who of them?',
    text: `“${principal}” may be ${list(matches)}.`,
    next: 'Give the address, or the whole name of the group.',
  }),
  'assignment-missing': () => ({
    at: 'principal',
    title: 'Which assignment?',
    text: 'No assignment was named.',
    next: 'Give its number, or who holds it with --role and --scope.',
  }),
  'managed-unknown': () => ({
    title: 'No such assignment',
    text: 'There is no assignment like that for you to manage.',
    next: 'Check who holds it, the role and the scope.',
  }),
  'managed-ambiguous': ({ matches }) => ({
    title: 'Which one?',
    text: `There are several assignments like that: ${list(matches)}.`,
    next: 'Give the number, or add --eligible or --active.',
  }),
  'managed-over': ({ status }) => ({
    title: 'Already over',
    text:
      status === 'Failed'
        ? 'This assignment could not be set up; nothing is left of it.'
        : 'This assignment has ended already.',
    next: 'Type “assign” to give the role again.',
  }),
  'group-exists': ({ group }) => ({
    at: 'name',
    title: 'There is one already',
    text: `A group is called “${group}” already.`,
    next: 'Choose another name.',
  }),
  'group-name-missing': () => ({
    at: 'name',
    title: 'What is it called?',
    text: 'A group needs a name.',
    next: 'Write it in quotes: group create "Finance auditors".',
  }),
  'principal-blocked': ({ principal }) => ({
    at: 'principal',
    title: 'Blocked',
    text: `The account of ${principal} is blocked, so nothing is assigned to it.`,
  }),
  'group-in-group': ({ group }) => ({
    at: 'principal',
    title: 'No groups in groups',
    text: `${group} is a group; only people can be members or owners of a group.`,
  }),
  'group-not-role-assignable': ({ group }) => ({
    at: 'principal',
    title: 'This group can’t hold roles',
    text: `${group} was not created as role-assignable, and only such a group may hold roles. That can’t be changed later.`,
    next: 'Create a group with --role-assignable, or assign the role to people.',
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
  'scope-not-below': ({ scope, eligibleAt }) => ({
    at: 'scope',
    title: 'Not there',
    text: `You are eligible at ${eligibleAt}, and ${scope} is not part of it.`,
    next: `Choose ${eligibleAt} or something below it.`,
  }),
  'start-too-late': ({ latest, because }, time) => ({
    at: 'from',
    title: 'Too far ahead',
    text:
      because === 'eligibility'
        ? `You are eligible until ${time(latest)} only.`
        : `An activation can be planned until ${time(latest)} at present.`,
    next: 'Choose an earlier time.',
  }),
  'activation-too-short': ({ minimumMinutes }) => ({
    at: 'duration',
    title: 'Too short',
    text: `An activation lasts ${formatDuration(minimumMinutes, 'en')} at least.`,
    next: 'Choose a longer time; you can deactivate it when you are done.',
  }),
  'activation-too-long': ({ maximumMinutes, because }) => ({
    at: 'duration',
    title: 'Too long',
    text:
      because === 'role'
        ? `This role can be active for ${formatDuration(maximumMinutes, 'en')} at the most.`
        : `You are eligible for another ${formatDuration(maximumMinutes, 'en')} only.`,
    next: 'Choose a shorter time.',
  }),
  'justification-missing': () => ({
    at: 'justification',
    title: 'Why?',
    text: 'A justification is required.',
    next: 'Say in a few words what it is for.',
  }),
  'text-too-long': ({ field, maximum, given }) => ({
    at: field === 'displayName' ? 'name' : field,
    title: 'Too much text',
    text: `The ${field === 'displayName' ? 'name' : field} has ${given} characters; ${maximum} is the limit.`,
    next: 'Please shorten it.',
  }),
  'ticket-missing': () => ({
    at: 'ticket',
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
  'nobody-can-approve': ({ stage, of }) => ({
    title: 'Nobody could approve',
    text:
      of === 1
        ? 'This role needs an approval, and too few others than you could give it. Nothing was requested.'
        : `This role needs approvals in ${of} stages, and too few others than you could approve in stage ${stage}. Nothing was requested.`,
    next: 'Ask an administrator to name more approvers.',
  }),
  'nothing-to-extend': ({ what }) => ({
    title: what === 'extend' ? 'Nothing to extend' : 'Nothing to renew',
    text:
      what === 'extend'
        ? 'There is no such assignment whose end you could move.'
        : 'There is no such assignment that ended in the last weeks and could be given again.',
    next: 'Name the role as it is called in your roles, with --scope if it is held at several.',
    command: rolesCommand,
  }),
  'extension-ambiguous': ({ matches }) => ({
    title: 'Which one?',
    text: `There are several: ${list(matches)}.`,
    next: 'Name the role and --scope, with --eligible or --active if both are there; or use the buttons of your roles.',
    command: rolesCommand,
  }),
  'not-extendable': ({ because }) => ({
    title: 'Not to be extended',
    text: {
      activation: 'An activation is not extended: it can be activated again once it is over.',
      permanent: 'This assignment has no end.',
      'not-in-force': 'This assignment is not in force.',
      ended: 'This assignment has ended.',
      'under-way': 'Its end is being moved already.',
    }[because],
    next: because === 'ended' ? 'It can be renewed for some weeks: type “renew”.' : 'Nothing was changed.',
  }),
  'too-early-to-extend': ({ possibleAt }, time) => ({
    title: 'Too early',
    text: `A later end can be asked for from ${time(possibleAt)}.`,
    next: 'I will remind you when the end comes near.',
  }),
  'end-not-later': ({ endsAt }, time) => ({
    at: 'duration',
    title: 'Not later',
    text: `It lasts until ${time(endsAt)} as it is.`,
    next: 'Choose a longer time; it counts from now.',
  }),
  'end-too-late': ({ maximumMinutes }) => ({
    at: 'duration',
    title: 'Too long',
    text: `The settings of the role allow ${formatDuration(maximumMinutes, 'en')} from now at the most.`,
    next: 'Choose a shorter time.',
  }),
  'not-renewable': ({ because }) => ({
    title: 'Not to be renewed',
    text: {
      activation: 'An activation is not renewed: activate the role again.',
      removed: 'An administrator ended this assignment.',
      'not-ended': 'This assignment has not ended.',
      'too-long-ago': 'It ended too long ago.',
    }[because],
    next: 'Ask an administrator if you need it.',
  }),
  'renewed-already': ({ until }, time) => ({
    title: 'There already',
    text: `There is such an assignment again${until ? `, until ${time(until)}` : ''}.`,
    command: rolesCommand,
  }),
  'step-up-needed': () => ({
    title: 'Confirm that it is you',
    text: 'To approve this, you have to confirm that it is really you. Your decision is kept until then, and not counted yet.',
    next: 'Approve it by itself, and use the button that comes with the answer.',
  }),
  'step-up-spent': ({ why }) => ({
    title: why === 'used' ? 'Confirmed already' : 'This page no longer works',
    text: {
      used: 'You have confirmed this already. It counts once.',
      late: 'It is good for five minutes, and those are over. Nothing was done.',
      tries: 'There were too many wrong tries. Nothing was done.',
    }[why],
    next: why === 'used' ? 'Go back to the chat to see what came of it.' : 'Begin again in the chat.',
  }),
  'step-up-wrong': ({ kind, triesLeft }) => ({
    at: 'code',
    title: kind === 'totp' ? 'That is not the code' : 'That passkey was not taken',
    text: `${kind === 'totp' ? 'The code is wrong, or was used before' : 'It is not one of yours here, or did not check that it is you'}; ${triesLeft} ${triesLeft === 1 ? 'try is' : 'tries are'} left.`,
    next: kind === 'totp' ? 'Wait for the next code of your app, and enter that.' : 'Try again, or use another.',
  }),
  'step-up-throttled': ({ retryAt }, time) => ({
    title: 'Too many wrong tries',
    text: `There were too many wrong tries in the last hour. The next is taken at ${time(retryAt)}.`,
    next: 'If it was not you, tell an administrator.',
  }),
  'passkey-needed': () => ({
    title: 'A passkey, please',
    text: 'This has to be confirmed with a passkey; a code is not enough here.',
    next: 'Use a passkey. If you have none, type “security” in the chat to set one up.',
  }),
  'enrolment-spent': () => ({
    title: 'This link no longer works',
    text: 'It can be opened once, and is good for a short time only.',
    next: 'Type “security” in the chat for a new one.',
  }),
  'enrolment-unconfirmed': () => ({
    title: 'Confirm that it is you',
    text: 'You have set up a way to confirm that it is you. To change anything, confirm with that first.',
    next: 'Choose Confirm that it is you.',
  }),
  'enrolment-wrong': () => ({
    at: 'code',
    title: 'That did not fit',
    text: 'The code is wrong, or the passkey could not be checked. Nothing was set up.',
    next: 'Try again. For a code, see that the clock of your phone is right.',
  }),
  'credential-known': () => ({
    title: 'Set up already',
    text: 'This passkey is set up already.',
    next: 'Use another authenticator, or leave it as it is.',
  }),
  'credential-unknown': () => ({
    title: 'Nothing to remove',
    text: 'You have set up nothing like that, or it was removed already.',
    next: 'The page shows what is set up now.',
  }),
  'credentials-full': ({ maximum }) => ({
    title: 'That is enough',
    text: `You have set up ${maximum} ways to confirm that it is you, which is the most.`,
    next: 'Remove one that you no longer use.',
  }),
  'credentials-none': ({ email }) => ({
    title: 'Nothing to reset',
    text: `${email} has set up nothing.`,
    next: 'They can type “security” to do so.',
  }),
  'reset-own': () => ({
    title: 'Not your own',
    text: 'Nobody resets how they confirm that it is them.',
    next: 'Type “security” to change it, or ask another administrator.',
  }),
  'person-unknown': ({ email }) => ({
    at: 'role',
    title: 'Nobody by that address',
    text: `Nobody here has the address ${email}.`,
    next: 'Check the address.',
  }),
  'stand-in-unfit': ({ why, name }) => ({
    at: 'to',
    title: 'They can’t stand in',
    text: {
      yourself: 'You can’t stand in for yourself.',
      guest: `${name} is a guest; only members of the organisation decide for others.`,
      group: `“${name}” is a group; one person stands in for you.`,
      unavailable: `The account of ${name} is blocked, or not in use yet.`,
    }[why],
    next: 'Choose somebody else.',
  }),
  'delegation-incomplete': ({ missing }) => ({
    at: missing,
    title: missing === 'to' ? 'Who decides for you?' : 'Until when?',
    text: missing === 'to' ? 'Nobody was named.' : 'No end was given.',
    next:
      missing === 'to'
        ? 'Give their e-mail address, such as --to carla@contoso.example.'
        : 'Say until when, such as --until 14d.',
  }),
  'delegation-empty': ({ startsAt, endsAt }, time) => ({
    at: 'until',
    title: 'It would be over before it begins',
    text: `They would decide for you from ${time(startsAt)} to ${time(endsAt)}.`,
    next: 'Choose a later end.',
  }),
  'delegation-too-long': ({ maximumDays }) => ({
    at: 'until',
    title: 'That is too long',
    text: `Somebody can stand in for ${maximumDays} days at most.`,
    next: 'Choose an earlier end; you can ask again when it is over.',
  }),
  'delegation-exists': ({ endsAt }, time) => ({
    title: 'Somebody stands in for you already',
    text: `Somebody is to decide for you until ${time(endsAt)}; there is one at a time.`,
    next: 'Stop that first: type “delegate off”.',
  }),
  'delegation-none': () => ({
    title: 'Nothing to end',
    text: 'There is no standing in of yours that has not ended.',
    next: 'Type “delegate” to see how it is.',
  }),
  'break-glass-unknown': () => ({
    title: 'Not for break-glass access',
    text: 'The settings of no such role name you for break-glass access.',
    next: 'Ask for the role the usual way: type “roles”.',
    command: rolesCommand,
  }),
  'break-glass-ambiguous': ({ matches }) => ({
    title: 'Which one?',
    text: `You can take several: ${list(matches)}.`,
    next: 'Say the role, and where with “--scope”.',
  }),
  'review-own': () => ({
    title: 'It was you',
    text: 'Nobody says of their own break-glass access whether it was justified.',
    next: 'Somebody else who was told of it says so.',
  }),
  'review-too-early': () => ({
    title: 'Not over yet',
    text: 'Whether it was justified is asked when the access is gone.',
    next: 'If it should be gone now, end it.',
  }),
  'review-answered': ({ by, at, justified }, time) => ({
    title: 'Answered already',
    text: `${by} said on ${time(at)} that it was ${justified ? 'justified' : 'not justified'}.`,
    next: 'The first answer counts. The record keeps it.',
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
  'already-voted': ({ at }, time) => ({
    title: 'You have decided already',
    text: `You decided on this request ${time(at)}, and everybody decides once, also where they approve in several stages.`,
    next: 'Others have been asked for what is still needed.',
    command: approvalsCommand,
  }),
  'other-stage': ({ now, yours, of }) => ({
    title: 'Not your stage',
    text:
      yours > now
        ? `This request is in stage ${now} of ${of}; your turn comes in stage ${yours}.`
        : `This request is in stage ${now} of ${of}; stage ${yours}, which was yours, is over.`,
    ...(yours > now ? { next: 'I will ask you when it begins.' } : {}),
    command: approvalsCommand,
  }),
  'duration-lengthened': ({ askedMinutes }) => ({
    at: 'duration',
    title: 'Longer than asked for',
    text: `An approver may shorten what was asked for, which is ${formatDuration(askedMinutes, 'en')}, and not lengthen it.`,
    next: 'Leave the duration as it is, or choose a shorter one.',
  }),
  'not-a-reference': ({ given }) => ({
    title: 'Which request?',
    text: `“${given}” is not the number of a request; nothing was decided.`,
    next: 'Numbers have eight characters, such as 1a2b3c4d; your reason follows after --because.',
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
  'setting-unknown': ({ path }) => ({
    title: 'No such setting',
    text: `There is no setting “${path}”. Nothing was changed.`,
    next: 'Type “settings” with the role, and use the forms of its card, or a name such as activation.maximum.',
  }),
  'setting-unreadable': ({ path, given, expected }) => ({
    at: path,
    title: 'That could not be read',
    text: `${settingWords(path, 'en')}: “${given}” is not understood.`,
    next: `Write it like ${list(expected)}.`,
  }),
  'setting-out-of-range': ({ path, leastMinutes, mostMinutes, stepMinutes }) => ({
    at: path,
    title: 'Too short or too long',
    text: `${settingWords(path, 'en')}: from ${formatDuration(leastMinutes, 'en')} to ${formatDuration(mostMinutes, 'en')}${stepMinutes > 1 ? `, in steps of ${formatDuration(stepMinutes, 'en')}` : ''}.`,
    next: 'Choose something between.',
  }),
  'setting-list-too-long': ({ path, most }) => ({
    at: path,
    title: 'Too many names',
    text: `${settingWords(path, 'en')}: ${most} characters are the limit.`,
    next: 'Name a group instead.',
  }),
  'setting-address-invalid': ({ path, given }) => ({
    at: path,
    title: 'Not an e-mail address',
    text: `${settingWords(path, 'en')}: “${given}” is not an e-mail address.`,
    next: 'Write addresses like name@company.example, with commas between them.',
  }),
  'approver-unknown': ({ path, given }) => ({
    at: path,
    title: 'Who is that?',
    text: `${settingWords(path, 'en')}: I know nobody and no group called “${given}”.`,
    next: 'Name people by their e-mail address and groups by their name, with commas between them.',
  }),
  'quorum-too-high': ({ path, quorum, approvers }) => ({
    at: path,
    title: 'More than there are',
    text: `${settingWords(path, 'en')}: ${quorum} can’t approve where there are ${approvers} at the most.`,
    next: 'Name more approvers, or ask for fewer of them.',
  }),
  'group-unknown': ({ group, suggestions }) => ({
    at: 'group',
    title: 'No such group',
    text: `There is no group “${group}” for you to see.${didYouMean(suggestions)}`,
    next: 'Put a name with spaces in quotes: --group "Finance auditors".',
  }),
  'settings-unchanged': () => ({
    title: 'Nothing to change',
    text: 'The settings are like that already.',
    next: 'Change something before you go on.',
  }),
  'settings-moved': () => ({
    title: 'The settings have changed meanwhile',
    text: 'Somebody else changed these settings while you were at it. Nothing was saved.',
    next: 'Look at them as they are now, and change them again if that is still needed.',
  }),
  'settings-twice': () => ({
    title: 'Twice the same place',
    text: 'These settings were given before, further up.',
    next: 'Put them together.',
  }),
  'proposal-unknown': () => ({
    title: 'Too old',
    text: 'This change waited for too long to be saved, or is not yours. Nothing was changed.',
    next: 'Open the settings and make it again.',
  }),
};

const inLanguage: Readonly<Record<Language, Sentences>> = { en: sentences, de: germanSentences };

const sentenceOf = (refusal: Refusal, { time, language }: Reading): Sentence =>
  (inLanguage[language][refusal.code] as (refusal: Refusal, time: Reading['time']) => Sentence)(refusal, time);

/** The card of a refusal, for whoever reads it. */
export function refusalCard(refusal: Refusal, reading: Reading): CardData['refusal'] {
  const { title, text, next = null, command = null } = sentenceOf(refusal, reading);
  return { title, text, next, command };
}

/** The refusal in one line, as a form shows it. */
export const refusalLine = (refusal: Refusal, reading: Reading): string => {
  const { text, next } = refusalCard(refusal, reading);
  return next ? `${text} ${next}` : text;
};

/** The input that has to be put right, by its name on the forms; `null` where it is none in particular. */
export const inputAtFault = (refusal: Refusal): string | null =>
  sentenceOf(refusal, { time: () => '', language: 'en' }).at || null;
