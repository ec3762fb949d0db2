import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cancelActivation, deactivate, decideActivation, requestActivation } from '../../src/domain/activation.ts';
import type { Decision } from '../../src/domain/change.ts';
import { assignEligibility } from '../../src/domain/eligibility.ts';
import { parseGuestAddress } from '../../src/domain/email-address.ts';
import {
  acceptInvitation,
  inviteGuest,
  linkAccount,
  mayInvite,
  requestRedemptionCode,
  resendInvitation,
} from '../../src/domain/guest.ts';
import { answerChallenge } from '../../src/domain/one-time-code.ts';
import { standing } from '../../src/domain/person.ts';
import type { RefusalCode } from '../../src/domain/refusal.ts';
import {
  buildActive,
  buildActor,
  buildApprover,
  buildChallenge,
  buildChatAccount,
  buildContext,
  buildEligible,
  buildGuest,
  buildInvitation,
  buildInvitedGuest,
  buildOrganisation,
  buildPerson,
  buildPlace,
  buildRequest,
  buildRole,
  buildScope,
  buildSettings,
  day,
  ids,
  minutesIn,
  noon,
} from '../support/build.ts';

const actor = buildActor();
const context = buildContext();
const place = buildPlace();
const codeOf = (outcome: Decision<unknown> | object | null): string | undefined => {
  if (outcome === null) return undefined;
  if ('refusal' in outcome) return (outcome.refusal as { code: string }).code;
  return 'code' in outcome ? String(outcome.code) : undefined;
};

const ask = (
  state: Partial<Parameters<typeof requestActivation>[0]>,
  wish: Partial<Parameters<typeof requestActivation>[1]> = {},
) =>
  codeOf(
    requestActivation(
      {
        requester: buildGuest(),
        eligible: buildEligible(),
        place,
        settings: buildSettings(),
        approvers: [],
        openRequest: null,
        inForce: null,
        ...state,
      },
      { durationMinutes: 60, justification: 'Quarterly close', ticket: null, ...wish },
      actor,
      context,
    ),
  );

const approve = (state: Partial<Parameters<typeof decideActivation>[0]>) =>
  codeOf(
    decideActivation(
      {
        request: buildRequest(),
        eligible: buildEligible(),
        requester: buildGuest(),
        decider: buildApprover(),
        approverIds: [ids.approver],
        inForce: null,
        place,
        ...state,
      },
      { approve: true, justification: 'Fine' },
      actor,
      context,
    ),
  );

const activation = { assignment: buildActive(), request: null, place };

const assign = (
  wish: Partial<Parameters<typeof assignEligibility>[0]['wish']>,
  existing: Parameters<typeof assignEligibility>[0]['existing'] = null,
) =>
  codeOf(
    assignEligibility(
      {
        principal: buildGuest(),
        wish: { role: buildRole(), scope: buildScope(), duration: null, ...wish },
        settings: buildSettings(),
        existing,
      },
      actor,
      context,
    ),
  );

const invite = (known: Parameters<typeof inviteGuest>[0]['known'], organisation = buildOrganisation()) =>
  codeOf(
    inviteGuest(
      { organisation, inviter: buildPerson(), known, knownEligibility: null, objectId: null },
      {
        address: { address: 'john@contoso.com', local: 'john', domain: 'contoso.com' },
        displayName: null,
        company: null,
        message: '',
        eligibility: null,
      },
      actor,
      context,
    ),
  );

const redemption = { invitation: buildInvitation(), guest: buildInvitedGuest(), organisation: buildOrganisation() };

/** One way to get each refusal out of the domain. */
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
  'eligibility-too-long': () => assign({ duration: 366 * day }),
  'permanent-not-allowed': () => assign({ duration: 'permanent' }),
  'already-eligible': () => assign({}, buildEligible()),
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
  'eligibility-not-started': () => ask({ eligible: buildEligible({ startsAt: minutesIn(1) }) }),
  'eligibility-ended': () => ask({ eligible: buildEligible({ endsAt: noon }) }),
  'activation-too-short': () => ask({}, { durationMinutes: 5 }),
  'activation-too-long': () => ask({}, { durationMinutes: 2 * day }),
  'justification-missing': () => ask({}, { justification: '' }),
  'text-too-long': () => ask({}, { justification: 'x'.repeat(501) }),
  'ticket-missing': () => ask({ settings: buildSettings({ ticketRequired: true }) }),
  'already-active': () => ask({ inForce: buildActive() }),
  'already-requested': () => ask({ openRequest: buildRequest() }),
  'nobody-can-approve': () => ask({ settings: buildSettings({ approval: { approverIds: [] } }) }),
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
  'not-an-approver': () => approve({ approverIds: [] }),
  'assignment-not-active': () =>
    codeOf(
      deactivate({ ...activation, assignment: buildActive({ state: { status: 'Provisioning' } }) }, actor, context),
    ),
  'too-early-to-deactivate': () => codeOf(deactivate(activation, actor, context)),
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
