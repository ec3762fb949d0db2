import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cancelActivation, uponActivationApproval } from '../../src/domain/activation.ts';
import { assign as assignTo } from '../../src/domain/assign.ts';
import type { Review } from '../../src/domain/break-glass.ts';
import type { Decision } from '../../src/domain/change.ts';
import { proposeSettings, saveSettings } from '../../src/domain/change-settings.ts';
import { createGroup } from '../../src/domain/create-group.ts';
import { decideRequest } from '../../src/domain/decide-request.ts';
import { parseGuestAddress } from '../../src/domain/email-address.ts';
import { deactivate, noDependents } from '../../src/domain/ending.ts';
import { type Extendable, type Lengthening, requestExtension, usualSpans } from '../../src/domain/extend.ts';
import type { Group } from '../../src/domain/group.ts';
import {
  acceptInvitation,
  inviteGuest,
  linkAccount,
  mayInvite,
  requestRedemptionCode,
  resendInvitation,
} from '../../src/domain/guest.ts';
import type { PersonId, RequestId, ScopeId } from '../../src/domain/ids.ts';
import { answerChallenge } from '../../src/domain/one-time-code.ts';
import { reviewBreakGlass } from '../../src/domain/oversee-break-glass.ts';
import type { Person } from '../../src/domain/person.ts';
import { standing } from '../../src/domain/person.ts';
import type { RefusalCode } from '../../src/domain/refusal.ts';
import { adminRemove } from '../../src/domain/remove-assignment.ts';
import { requestActivation } from '../../src/domain/request-activation.ts';
import { type Rules, rulesOf, type SettingTexts } from '../../src/domain/setting-texts.ts';
import type { SettingsProposal } from '../../src/domain/stored-settings.ts';
import { adminUpdate, type UpdateWish, updatable } from '../../src/domain/update-assignment.ts';
import {
  buildActive,
  buildActor,
  buildApproval,
  buildApprover,
  buildChallenge,
  buildChatAccount,
  buildContext,
  buildEligible,
  buildGroup,
  buildGuest,
  buildInvitation,
  buildInvitedGuest,
  buildOrganisation,
  buildPerson,
  buildPlace,
  buildRequest,
  buildRole,
  buildScope,
  buildScopeChain,
  buildSettings,
  buildSettingsProposal,
  buildSettingsState,
  buildVote,
  day,
  ids,
  minutesIn,
  noon,
} from '../support/build.ts';
import { credentialRefusals } from './credential-refusals.ts';
import { delegationRefusals } from './delegation-refusals.ts';

const actor = buildActor();
const context = buildContext();
const place = buildPlace();
const codeOf = (outcome: Decision<unknown> | object | null): string | undefined => {
  if (outcome === null) return undefined;
  if ('refusal' in outcome) return (outcome.refusal as { code: string }).code;
  return 'code' in outcome ? String(outcome.code) : undefined;
};

const soon = buildEligible({ endsAt: minutesIn(day) });
const over = buildEligible({ endsAt: noon, state: { status: 'Ended', at: noon, why: 'expired' } });
const lengthen = (what: Lengthening, state: Partial<Extendable>, durationMinutes: number | null = null) =>
  codeOf(
    requestExtension(
      {
        what,
        assignment: buildEligible(),
        place,
        settings: buildSettings(),
        spans: usualSpans,
        others: [],
        requester: buildGuest(),
        openRequest: null,
        approval: buildApproval(),
        ...state,
      },
      { durationMinutes, justification: 'Audit' },
      actor,
      context,
    ),
  );

const ask = (
  state: Partial<Parameters<typeof requestActivation>[0]>,
  wish: Partial<Parameters<typeof requestActivation>[1]> = {},
) =>
  codeOf(
    requestActivation(
      {
        requester: buildGuest(),
        eligible: buildEligible(),
        chain: buildScopeChain(),
        place,
        eligiblePlace: place,
        settings: buildSettings(),
        approval: null,
        openRequest: null,
        inForce: null,
        ...state,
      },
      { startsAt: null, durationMinutes: 60, justification: 'Quarterly close', ticket: null, ...wish },
      actor,
      context,
    ),
  );

const approve = (
  { requester = buildGuest(), ...state }: Partial<Parameters<typeof decideRequest>[0]> & { requester?: Person },
  durationMinutes: number | null = null,
) =>
  codeOf(
    decideRequest(
      {
        request: buildRequest(),
        decider: buildApprover(),
        approval: buildApproval(),
        effect: uponActivationApproval({ eligible: buildEligible(), requester, inForce: null }),
        place,
        ...state,
      },
      { approve: true, justification: 'Fine', durationMinutes },
      actor,
      context,
    ),
  );

const activation = { assignment: buildActive(), request: null, place };

const person = { kind: 'person', person: buildGuest() } as const;
const group = { kind: 'group', group: buildGroup() } as const;
const assign = (
  wish: Partial<Parameters<typeof assignTo>[0]['wish']>,
  state: Partial<Parameters<typeof assignTo>[0]> = {},
) =>
  codeOf(
    assignTo(
      {
        principal: person,
        wish: {
          kind: 'eligible',
          role: buildRole(),
          scope: buildScope(),
          duration: null,
          startsAt: null,
          justification: '',
          ...wish,
        },
        settings: buildSettings(),
        existing: [],
        managerId: null,
        ...state,
      },
      actor,
      context,
    ),
  );

const change = (wish: Partial<UpdateWish>, assignment = buildEligible()) =>
  codeOf(
    adminUpdate(
      { assignment, place, settings: buildSettings(), openRequest: null, others: [], activations: [] },
      { duration: null, startsAt: null, justification: '', ...wish },
      actor,
      context,
    ),
  );

const create = (name: string, sameName: Group | null) =>
  codeOf(
    createGroup({ creator: buildPerson(), sameName }, { name, description: '', roleAssignable: false }, actor, context),
  );

const invite = (known: Parameters<typeof inviteGuest>[0]['known'], organisation = buildOrganisation()) =>
  codeOf(
    inviteGuest(
      { organisation, inviter: buildPerson(), known, existing: [], objectId: null },
      {
        address: { address: 'john@contoso.com', local: 'john', domain: 'contoso.com' },
        displayName: null,
        company: null,
        message: '',
        assignment: null,
      },
      actor,
      context,
    ),
  );

const redemption = { invitation: buildInvitation(), guest: buildInvitedGuest(), organisation: buildOrganisation() };

/** One way to get each refusal out of the domain. */
const { version: _, ...rules } = buildSettings();
const settings = buildSettingsState();
const set = (texts: SettingTexts) => codeOf(rulesOf(texts, rules, settings.names));
const propose = (wanted: Rules | null, basis: string | null) =>
  proposeSettings(settings, { rules: wanted, basis }, ids.member, context);
const save = (differs: Partial<SettingsProposal>) =>
  saveSettings(settings, buildSettingsProposal(differs), ids.member, [], actor, context);

const reviewed = (review: Review | null, by: PersonId) => {
  const request = buildRequest({ action: 'selfBreakGlass' });
  const breakGlass = { id: request.id as RequestId, version: 1, endedBy: null, review };
  const answer = { justified: true, comment: '' };
  return codeOf(
    reviewBreakGlass(
      { request, breakGlass, place: buildPlace() },
      answer,
      { ...buildActor(), personId: by },
      buildContext(),
    ),
  );
};

const provoked = {
  'account-disabled': () =>
    codeOf(requestRedemptionCode({ ...redemption, guest: buildGuest({ accountEnabled: false }) }, [], actor, context)),
  'invitation-not-redeemed': () => standing(buildInvitedGuest()),
  'not-allowed': () => codeOf(mayInvite(buildOrganisation({ whoMayInvite: 'admins' }), buildPerson(), [])),
  'email-invalid': () => codeOf(parseGuestAddress('john')),
  'email-plus': () => codeOf(parseGuestAddress('john+news@contoso.com')),
  'email-group': () => codeOf(parseGuestAddress('all@groups.io')),
  'domain-blocked': () => invite(null, buildOrganisation({ domains: { policy: 'deny', list: ['contoso.com'] } })),
  'invitations-off': () => codeOf(mayInvite(buildOrganisation({ whoMayInvite: 'no-one' }), buildPerson(), [])),
  'already-invited': () => invite(buildInvitedGuest()),
  'already-here': () => invite(buildGuest()),
  'invitation-closed': () =>
    codeOf(
      resendInvitation(
        { invitation: buildInvitation({ state: { status: 'Accepted', closedAt: noon } }), guest: buildGuest() },
        actor,
        context,
      ),
    ),
  'role-not-at-scope': () => assign({ role: buildRole({ kind: 'directory' }) }),
  'assignment-too-long': () => assign({ duration: 366 * day }),
  'permanent-not-allowed': () => assign({ duration: 'permanent' }),
  'already-assigned': () => assign({}, { existing: [buildEligible()] }),
  'start-in-past': () => assign({ startsAt: minutesIn(-1) }),
  'principal-blocked': () =>
    assign({}, { principal: { kind: 'person', person: buildGuest({ accountEnabled: false }) } }),
  'group-in-group': () =>
    assign({ role: buildRole({ kind: 'group' }), scope: buildScope({ kind: 'group' }) }, { principal: group }),
  'group-not-role-assignable': () => assign({}, { principal: group }),
  'started-already': () => change({ startsAt: minutesIn(5) }),
  'end-before-start': () => change({ startsAt: minutesIn(91 * day) }, buildEligible({ startsAt: minutesIn(1) })),
  'overlaps-another': () =>
    lengthen('extend', { assignment: soon, others: [buildEligible({ startsAt: minutesIn(9 * day) })] }, 10 * day),
  'nothing-to-change': () => change({}),
  'active-not-updatable': () => codeOf(updatable(buildActive())),
  'managed-over': () =>
    codeOf(
      adminRemove(
        {
          kind: 'active',
          activation: { ...activation, assignment: buildActive({ state: { status: 'Failed', at: noon } }) },
          dependents: noDependents,
        },
        '',
        actor,
        context,
      ),
    ),
  'group-name-missing': () => create(' ', null),
  'group-exists': () => create('Auditors', buildGroup()),
  'code-wrong': () => codeOf(answerChallenge(buildChallenge(), false, context)),
  'code-spent': () => codeOf(answerChallenge(null, true, context)),
  'code-throttled': () => codeOf(requestRedemptionCode(redemption, [buildChallenge()], actor, context)),
  'terms-not-accepted': () =>
    codeOf(
      acceptInvitation(
        { ...redemption, organisation: buildOrganisation({ terms: { version: 1, text: 'Be good.' } }) },
        { challenge: buildChallenge(), codeRight: true, termsAccepted: false },
        actor,
        context,
      ),
    ),
  'already-linked': () =>
    codeOf(
      linkAccount(
        { account: buildChatAccount({ personId: ids.guest }), challenge: buildChallenge(), codeRight: true },
        actor,
        context,
      ),
    ),
  ...credentialRefusals,
  ...delegationRefusals,
  'eligibility-not-started': () => ask({ eligible: buildEligible({ startsAt: minutesIn(1) }) }),
  'eligibility-ended': () => ask({ eligible: buildEligible({ endsAt: noon }) }),
  'scope-not-below': () => ask({ eligible: buildEligible({ scopeId: '/elsewhere' as ScopeId }) }),
  'start-too-late': () => ask({}, { startsAt: minutesIn(90 * day) }),
  'activation-too-short': () => ask({}, { durationMinutes: 5 }),
  'activation-too-long': () => ask({}, { durationMinutes: 2 * day }),
  'justification-missing': () => ask({}, { justification: '' }),
  'text-too-long': () => ask({}, { justification: 'x'.repeat(501) }),
  'ticket-missing': () => ask({ settings: buildSettings({ ticketRequired: true }) }),
  'already-active': () => ask({ inForce: buildActive() }),
  'already-requested': () => ask({ openRequest: buildRequest() }),
  'nobody-can-approve': () => ask({ approval: buildApproval({ approvers: [] }) }),
  'not-extendable': () => lengthen('extend', { assignment: buildActive() }),
  'too-early-to-extend': () => lengthen('extend', {}),
  'end-not-later': () => lengthen('extend', { assignment: soon }, 5),
  'end-too-late': () => lengthen('extend', { assignment: soon }, 366 * day),
  'not-renewable': () => lengthen('renew', {}),
  'renewed-already': () => lengthen('renew', { assignment: over, others: [buildEligible()] }),
  'request-decided': () =>
    codeOf(
      cancelActivation(
        { request: buildRequest({ state: { status: 'Canceled', closedAt: noon } }), place },
        actor,
        context,
      ),
    ),
  'requester-unavailable': () => approve({ requester: buildInvitedGuest() }),
  'self-approval': () => approve({ decider: buildGuest() }),
  'not-an-approver': () => approve({ approval: buildApproval({ approvers: [] }) }),
  'already-voted': () => approve({ request: buildRequest({ votes: [buildVote()] }) }),
  'other-stage': () => approve({ approval: buildApproval({ approvers: [buildPerson()] }, {}) }),
  'duration-lengthened': () => approve({}, day),
  'assignment-not-active': () =>
    codeOf(
      deactivate(
        { ...activation, assignment: buildActive({ state: { status: 'Provisioning' } }) },
        noDependents,
        actor,
        context,
      ),
    ),
  'too-early-to-deactivate': () => codeOf(deactivate(activation, noDependents, actor, context)),
  'setting-unknown': () => set({ 'activation.speed': '1' }),
  'setting-unreadable': () => set({ 'activation.ticket': 'perhaps' }),
  'setting-out-of-range': () => set({ 'activation.maximum': '25h' }),
  'setting-list-too-long': () => set({ 'notifications.activated.admin.extra': 'a@b.example,'.repeat(40) }),
  'setting-address-invalid': () => set({ 'notifications.activated.admin.extra': 'nobody' }),
  'approver-unknown': () => set({ 'approval.required': 'on', 'approval.stage1.approvers': 'Board' }),
  'quorum-too-high': () => set({ 'approval.required': 'on', 'approval.stage1.quorum': '21' }),
  'settings-unchanged': () => codeOf(propose(rules, null)),
  'settings-moved': () => codeOf(propose({ ...rules, ticketRequired: true }, 'e0.1')),
  'proposal-unknown': () => codeOf(save({ personId: ids.guest })),
  'review-own': () => reviewed({ status: 'open', since: noon }, ids.guest),
  'review-too-early': () => reviewed(null, ids.approver),
  'review-answered': () =>
    reviewed(
      { status: 'answered', since: noon, by: ids.approver, at: noon, justified: true, comment: null },
      ids.member,
    ),
} as const satisfies Partial<Record<RefusalCode, () => string | null | undefined>>;

const domain = new URL('../../src/domain/', import.meta.url);
const sourceOf = (name: string) => readFileSync(new URL(name, domain), 'utf8');

describe('a refusal of the domain', () => {
  it.each(Object.entries(provoked))('%s can be provoked', (code, provoke) => {
    expect(provoke()).toBe(code);
  });

  it('has a test for every code that the domain’s source can give', () => {
    const known = [...sourceOf('refusal.ts').matchAll(/code: '([a-z-]+)'/g)].map(([, code = '']) => code);
    const rules = readdirSync(domain).filter((name) => name !== 'refusal.ts');
    const source = rules.map(sourceOf).join('\n');
    const given = known.filter((code) => source.includes(`'${code}'`));
    expect(given.sort()).toEqual(Object.keys(provoked).sort());
  });
});
