import { describe, expect, it } from 'vitest';
import type { Challenge } from '../../src/domain/challenge.ts';
import {
  acceptInvitation,
  declineInvitation,
  inviteGuest,
  linkAccount,
  mayInvite,
  type Redemption,
  recogniseAccount,
  releaseAccount,
  requestLinkCode,
  requestRedemptionCode,
  resendInvitation,
  revokeInvitation,
} from '../../src/domain/guest.ts';
import type { PersonId } from '../../src/domain/ids.ts';
import type { Invitation } from '../../src/domain/invitation.ts';
import { domainAllowed } from '../../src/domain/organisation.ts';
import { guestPrincipalName, standing } from '../../src/domain/person.ts';
import type { HeldRole } from '../../src/domain/role.ts';
import { directoryScope } from '../../src/domain/scope.ts';
import {
  buildActor,
  buildChallenge,
  buildChatAccount,
  buildContext,
  buildEligible,
  buildGuest,
  buildInvitation,
  buildInvitedGuest,
  buildOrganisation,
  buildPerson,
  buildRole,
  buildScope,
  buildSettings,
  day,
  ids,
  minutesIn,
  noon,
  uuid,
} from '../support/build.ts';
import { actionsOf, answerOf, nothing, refusalOf, written, writtenOne } from './outcome.ts';

const inviter = buildActor();
const visitor = buildActor({ personId: null, surface: 'web', account: null });

const closedStates = [
  { status: 'Accepted', closedAt: noon },
  { status: 'Declined', closedAt: noon },
  { status: 'Revoked', closedAt: noon },
] as const satisfies Invitation['state'][];

describe('who may invite', () => {
  const member = buildPerson();
  const guest = buildGuest();
  const held = (roleId: string): HeldRole[] => [{ roleId: roleId as HeldRole['roleId'], scopeId: directoryScope }];

  it.each([
    ['anyone', 'a guest', guest, [], true],
    ['members-and-admins', 'a member', member, [], true],
    ['members-and-admins', 'a guest', guest, [], false],
    ['members-and-admins', 'a guest who is Guest Inviter', guest, held('guestInviter'), true],
    ['admins', 'a member', member, [], false],
    ['admins', 'a Guest Inviter', member, held('guestInviter'), true],
    ['admins', 'a User Administrator', member, held('userAdministrator'), true],
    ['admins', 'a Global Administrator', member, held('globalAdministrator'), true],
    ['admins', 'a Global Reader', member, held('globalReader'), false],
    ['no-one', 'a Global Administrator', member, held('globalAdministrator'), false],
  ] as const)('with the setting %s: %s', (whoMayInvite, _who, person, roles, may) => {
    expect(mayInvite(buildOrganisation({ whoMayInvite }), person, roles) === null).toBe(may);
  });

  it('is told the roles that it takes', () => {
    expect(mayInvite(buildOrganisation({ whoMayInvite: 'admins' }), member, [])).toEqual({
      code: 'not-allowed',
      what: 'invite',
      needs: ['Global Administrator', 'User Administrator', 'Guest Inviter'],
    });
  });

  it('is told when nobody may', () => {
    expect(mayInvite(buildOrganisation({ whoMayInvite: 'no-one' }), member, [])).toEqual({ code: 'invitations-off' });
  });
});

describe('a domain', () => {
  const list = ['contoso.com', '*.partner.example'];

  it.each([
    ['contoso.com', true],
    ['sub.contoso.com', false],
    ['notcontoso.com', false],
    ['a.partner.example', true],
    ['a.b.partner.example', true],
    ['partner.example', false],
    ['badpartner.example', false],
  ])('%s is on the list: %s', (domain, listed) => {
    expect([
      domainAllowed(buildOrganisation({ domains: { policy: 'allow', list } }), domain),
      domainAllowed(buildOrganisation({ domains: { policy: 'deny', list } }), domain),
    ]).toEqual([listed, !listed]);
  });

  it('is welcome without a list', () => {
    expect(domainAllowed(buildOrganisation(), 'contoso.com')).toBe(true);
  });
});

describe('inviting', () => {
  const address = { address: 'john@contoso.com', local: 'john', domain: 'contoso.com' };
  const assignment = {
    kind: 'eligible' as const,
    role: buildRole(),
    scope: buildScope(),
    duration: 90 * day,
    startsAt: null,
    justification: '',
    settings: buildSettings(),
  };

  const invite = (
    wish: Partial<Parameters<typeof inviteGuest>[1]> = {},
    state: Partial<Parameters<typeof inviteGuest>[0]> = {},
  ) =>
    inviteGuest(
      {
        organisation: buildOrganisation(),
        inviter: buildPerson(),
        known: null,
        existing: [],
        objectId: null,
        ...state,
      },
      { address, displayName: 'John Guest', company: 'Contoso', message: 'Welcome', assignment: null, ...wish },
      inviter,
      buildContext(),
    );

  describe('somebody new', () => {
    it('creates a guest who has not redeemed yet', () => {
      expect(writtenOne(invite(), 'Person')).toEqual(
        buildInvitedGuest({ id: uuid(1000) as PersonId, createdAt: noon }),
      );
    });

    it('creates a pending invitation of the first generation', () => {
      expect(writtenOne(invite(), 'Invitation')).toEqual(
        buildInvitation({ id: uuid(1001) as Invitation['id'], guestId: uuid(1000) as PersonId }),
      );
    });

    it('sends the mail', () => {
      expect(invite().change.events).toMatchObject([{ type: 'invitation-sent', generation: 1 }]);
    });

    it('is put on the record', () => {
      expect(invite().change.audit).toMatchObject([
        {
          action: 'invitation.send',
          actor: { personId: ids.member },
          subjectId: uuid(1000),
          reason: 'Welcome',
          details: { userPrincipalName: 'john_contoso.com#EXT#@fabrikam.example' },
        },
      ]);
    });

    it('makes the inviter their sponsor', () => {
      expect(writtenOne(invite(), 'Person').sponsorId).toBe(ids.member);
    });

    it.each([null, '  '])('calls them by their address where no name is given: %j', (displayName) => {
      expect(writtenOne(invite({ displayName }), 'Person').displayName).toBe('john@contoso.com');
    });

    it('makes them eligible at once, though nothing can be used yet', () => {
      const invited = invite({ assignment });
      expect(writtenOne(invited, 'Assignment')).toMatchObject({ kind: 'eligible', principalId: uuid(1000) });
      expect(invited.change.events).toMatchObject([{ type: 'invitation-sent' }, { usable: false }]);
    });

    it('answers with the invitation, the person and the assignment', () => {
      expect(answerOf(invite({ assignment }))).toEqual({
        invitationId: uuid(1001),
        personId: uuid(1000),
        assignmentId: uuid(1002),
      });
    });
  });

  describe('somebody who is here', () => {
    const known = buildGuest({ version: 4 });

    it('gives them the role, and sends no mail', () => {
      const invited = invite({ assignment }, { known });
      expect(invited.change.put.map(({ entity }) => entity)).toEqual(['Assignment']);
      expect(actionsOf(invited)).toEqual(['eligibility.assign']);
    });

    it('relies on them being as they were read', () => {
      expect(invite({ assignment }, { known }).change.relyOn).toEqual([
        { entity: 'Person', id: ids.guest, version: 4 },
      ]);
    });

    it('is refused without a role', () => {
      expect(refusalOf(invite({}, { known }))).toEqual({ code: 'already-here', email: 'john@contoso.com' });
    });

    it('is refused without a role while the first invitation waits', () => {
      expect(refusalOf(invite({}, { known: buildInvitedGuest() }))).toEqual({
        code: 'already-invited',
        email: 'john@contoso.com',
      });
    });

    it('is refused for a role that they are eligible for', () => {
      expect(refusalOf(invite({ assignment }, { known, existing: [buildEligible()] }))).toMatchObject({
        code: 'already-assigned',
      });
    });
  });

  it('is refused for a domain that is not welcome', () => {
    const organisation = buildOrganisation({ domains: { policy: 'deny', list: ['contoso.com'] } });
    expect(refusalOf(invite({}, { organisation }))).toEqual({ code: 'domain-blocked', domain: 'contoso.com' });
  });

  it.each([
    ['message', { message: 'x'.repeat(501) }],
    ['displayName', { displayName: 'x'.repeat(101) }],
    ['company', { company: 'x'.repeat(101) }],
  ])('is refused with a text that is too long, and told which: %s', (field, wish) => {
    expect(refusalOf(invite(wish))).toMatchObject({ code: 'text-too-long', field });
  });

  it('creates nobody when the role is refused', () => {
    const refused = invite({ assignment: { ...assignment, duration: 'permanent' } });
    expect(refusalOf(refused)).toMatchObject({ code: 'permanent-not-allowed' });
    expect(refused.change).toEqual(nothing);
  });
});

describe('an invitation sent again', () => {
  const resend = (state: Invitation['state'] = { status: 'Pending' }) =>
    resendInvitation(
      {
        invitation: buildInvitation({ version: 3, generation: 2, state }),
        guest: buildInvitedGuest({ accountEnabled: state.status !== 'Revoked' }),
      },
      inviter,
      buildContext(minutesIn(60)),
    );

  it('has a new link', () => {
    expect(writtenOne(resend(), 'Invitation')).toEqual(
      buildInvitation({ version: 4, generation: 3, sentAt: minutesIn(60) }),
    );
  });

  it('is mailed', () => {
    expect(resend().change.events).toMatchObject([
      { type: 'invitation-sent', generation: 3 },
      { type: 'invitation-changed', accepted: false },
    ]);
  });

  it('is put on the record', () => {
    expect(resend().change.audit).toMatchObject([{ action: 'invitation.resend', details: { generation: 3 } }]);
  });

  it('is open again after it was declined', () => {
    expect(writtenOne(resend({ status: 'Declined', closedAt: noon }), 'Invitation').state).toEqual({
      status: 'Pending',
    });
  });

  it('is open again after it was revoked, and so is the account', () => {
    const again = resend({ status: 'Revoked', closedAt: noon });
    expect(writtenOne(again, 'Invitation').state).toEqual({ status: 'Pending' });
    expect(writtenOne(again, 'Person')).toEqual(buildInvitedGuest({ version: 2 }));
  });

  it('is refused after it was accepted', () => {
    expect(refusalOf(resend({ status: 'Accepted', closedAt: noon }))).toEqual({
      code: 'invitation-closed',
      outcome: 'Accepted',
    });
  });
});

describe('an invitation taken back', () => {
  const revoke = (state: Invitation['state'] = { status: 'Pending' }) =>
    revokeInvitation(
      { invitation: buildInvitation({ state }), guest: buildInvitedGuest() },
      inviter,
      buildContext(minutesIn(60)),
    );

  it('is closed', () => {
    expect(writtenOne(revoke(), 'Invitation')).toMatchObject({
      version: 2,
      state: { status: 'Revoked', closedAt: minutesIn(60) },
    });
  });

  it('blocks the account', () => {
    expect(writtenOne(revoke(), 'Person')).toEqual(buildInvitedGuest({ version: 2, accountEnabled: false }));
  });

  it('is put on the record', () => {
    expect(actionsOf(revoke())).toEqual(['invitation.revoke']);
  });

  it('is possible after it was declined', () => {
    expect(revoke({ status: 'Declined', closedAt: noon }).accepted).toBe(true);
  });

  it.each(['Accepted', 'Revoked'] as const)('is refused after it was %s', (status) => {
    expect(refusalOf(revoke({ status, closedAt: noon }))).toEqual({ code: 'invitation-closed', outcome: status });
  });
});

const redemption = (parts: Partial<Redemption> = {}): Redemption => ({
  invitation: buildInvitation(),
  guest: buildInvitedGuest(),
  organisation: buildOrganisation(),
  ...parts,
});

const closedDoors: [string, Partial<Redemption>, object][] = [
  ...closedStates.map((state): [string, Partial<Redemption>, object] => [
    `once it is ${state.status}`,
    { invitation: buildInvitation({ state }) },
    { code: 'invitation-closed', outcome: state.status },
  ]),
  [
    'once the domain is no longer welcome',
    { organisation: buildOrganisation({ domains: { policy: 'allow', list: ['fabrikam.example'] } }) },
    { code: 'domain-blocked', domain: 'contoso.com' },
  ],
  ['for a blocked account', { guest: buildInvitedGuest({ accountEnabled: false }) }, { code: 'account-disabled' }],
];

describe('a code to redeem an invitation', () => {
  const request = (parts: Partial<Redemption> = {}, recent: readonly Challenge[] = []) =>
    requestRedemptionCode(redemption(parts), recent, visitor, buildContext());

  it('is issued for that invitation and its guest', () => {
    expect(writtenOne(request(), 'Challenge')).toEqual(buildChallenge({ id: uuid(1000) as Challenge['id'] }));
  });

  it('is sent to the guest', () => {
    expect(request().change.events).toEqual([{ type: 'code-issued', challengeId: uuid(1000), personId: ids.guest }]);
  });

  it('is put on the record', () => {
    expect(request().change.audit).toMatchObject([{ action: 'code.issue', details: { purpose: 'redeem' } }]);
  });

  it('is refused when too many were sent', () => {
    expect(refusalOf(request({}, [buildChallenge()]))).toMatchObject({ code: 'code-throttled' });
  });

  it.each(closedDoors)('is refused %s', (_when, parts, refusal) => {
    expect(refusalOf(request(parts))).toEqual(refusal);
  });
});

describe('a guest who accepts', () => {
  const accept = (
    parts: Partial<Redemption> = {},
    given: Partial<Parameters<typeof acceptInvitation>[1]> = {},
    now = minutesIn(1),
  ) =>
    acceptInvitation(
      redemption(parts),
      { challenge: buildChallenge(), codeRight: true, termsAccepted: false, ...given },
      visitor,
      buildContext(now),
    );

  it('is accepted, and signs in with a passcode from then on', () => {
    expect(writtenOne(accept(), 'Person')).toEqual(
      buildInvitedGuest({ version: 2, externalUserState: 'Accepted', identities: ['mail'] }),
    );
  });

  it('closes the invitation', () => {
    expect(writtenOne(accept(), 'Invitation').state).toEqual({ status: 'Accepted', closedAt: minutesIn(1) });
  });

  it('uses up the code', () => {
    expect(writtenOne(accept(), 'Challenge').usedAt).toEqual(minutesIn(1));
  });

  it('is put on the record as the one who did it', () => {
    expect(accept().change.audit).toMatchObject([
      {
        action: 'invitation.accept',
        actor: { personId: ids.guest, surface: 'web' },
        details: { before: 'PendingAcceptance', after: 'Accepted', identity: 'mail', termsVersion: null },
      },
    ]);
  });

  it('makes known that the roles can be used', () => {
    expect(accept().change.events).toMatchObject([{ type: 'invitation-changed', accepted: true }]);
  });

  describe('with terms of use', () => {
    const organisation = buildOrganisation({ terms: { version: 3, text: 'Be good.' } });

    it('is refused without agreeing to them, and keeps the code', () => {
      const refused = accept({ organisation });
      expect(refusalOf(refused)).toEqual({ code: 'terms-not-accepted' });
      expect(refused.change).toEqual(nothing);
    });

    it('has their version on the record', () => {
      expect(accept({ organisation }, { termsAccepted: true }).change.audit).toMatchObject([
        { details: { termsVersion: 3 } },
      ]);
    });
  });

  it.each(closedDoors)('is refused %s', (_when, parts, refusal) => {
    expect(refusalOf(accept(parts))).toEqual(refusal);
  });

  it('with a wrong code has the try counted, and nothing else changed', () => {
    const wrong = accept({}, { codeRight: false });
    expect(refusalOf(wrong)).toEqual({ code: 'code-wrong', triesLeft: 4 });
    expect(wrong.change.put).toEqual([{ entity: 'Challenge', value: buildChallenge({ version: 2, failures: 1 }) }]);
  });

  it('with a wrong code leaves a failure on the record', () => {
    expect(accept({}, { codeRight: false }).change.audit).toMatchObject([
      { action: 'code.reject', subjectId: ids.guest, result: 'failure', details: { code: 'code-wrong' } },
    ]);
  });

  it('has five tries, and not even the right code helps after them', () => {
    const codes: (string | undefined)[] = [];
    let challenge = buildChallenge();
    for (const codeRight of [false, false, false, false, false, true]) {
      const decision = accept({}, { challenge, codeRight });
      codes.push(refusalOf(decision)?.code);
      [challenge = challenge] = written(decision, 'Challenge');
    }
    expect(codes).toEqual(['code-wrong', 'code-wrong', 'code-wrong', 'code-wrong', 'code-spent', 'code-spent']);
  });

  it.each([
    ['that was used', buildChallenge({ usedAt: noon }), minutesIn(1)],
    ['that is 30 minutes old', buildChallenge(), minutesIn(30)],
    ['that was never sent', null, minutesIn(1)],
  ])('with a code %s is refused, and whoever goes on trying fills no record', (_which, challenge, now) => {
    const refused = accept({}, { challenge }, now);
    expect(refusalOf(refused)).toEqual({ code: 'code-spent' });
    expect([refused.change.put, actionsOf(refused)]).toEqual([[], []]);
  });
});

describe('a guest who declines', () => {
  const decline = (state: Invitation['state'] = { status: 'Pending' }) =>
    declineInvitation(redemption({ invitation: buildInvitation({ state }) }), visitor, buildContext(minutesIn(1)));

  it('closes the invitation', () => {
    expect(writtenOne(decline(), 'Invitation').state).toEqual({ status: 'Declined', closedAt: minutesIn(1) });
  });

  it('stays as they are', () => {
    expect(written(decline(), 'Person')).toEqual([]);
  });

  it('is put on the record', () => {
    expect(actionsOf(decline())).toEqual(['invitation.decline']);
  });

  it.each(closedStates)('is refused once the invitation is $status', (state) => {
    expect(refusalOf(decline(state))).toEqual({ code: 'invitation-closed', outcome: state.status });
  });
});

describe('a code to link a chat account', () => {
  const request = (state: Partial<Parameters<typeof requestLinkCode>[0]> = {}) =>
    requestLinkCode(
      { account: buildChatAccount(), person: buildGuest(), recent: [], ...state },
      visitor,
      buildContext(),
    );

  it('is issued for that account, to the person whose address was given', () => {
    expect(writtenOne(request(), 'Challenge')).toMatchObject({
      purpose: 'link',
      subjectId: ids.account,
      personId: ids.guest,
    });
  });

  it.each([
    ['that nobody has', { person: null }],
    ['of a blocked account', { person: buildGuest({ accountEnabled: false }) }],
    ['that was sent one a moment ago', { recent: [buildChallenge()] }],
  ])('is silently not sent to an address %s', (_which, state) => {
    const silent = request(state);
    expect([answerOf(silent), silent.change]).toEqual([{ challengeId: null }, nothing]);
  });

  it('is refused for an account that is linked', () => {
    expect(refusalOf(request({ account: buildChatAccount({ personId: ids.member }) }))).toEqual({
      code: 'already-linked',
    });
  });
});

describe('a chat account', () => {
  const link = (state: Partial<Parameters<typeof linkAccount>[0]> = {}) =>
    linkAccount(
      {
        account: buildChatAccount(),
        challenge: buildChallenge({ purpose: 'link', subjectId: ids.account }),
        codeRight: true,
        ...state,
      },
      visitor,
      buildContext(minutesIn(1)),
    );

  it('belongs to the person whom the code was sent to', () => {
    expect(writtenOne(link(), 'ChatAccount')).toEqual(
      buildChatAccount({ version: 2, personId: ids.guest, provenBy: 'code' }),
    );
  });

  it('uses up the code', () => {
    expect(writtenOne(link(), 'Challenge').usedAt).toEqual(minutesIn(1));
  });

  it('is linked on the record', () => {
    expect(link().change.audit).toMatchObject([
      { action: 'account.link', subjectId: ids.guest, details: { platform: 'teams', user: '29:john', by: 'code' } },
    ]);
  });

  it('that is linked is refused', () => {
    expect(refusalOf(link({ account: buildChatAccount({ personId: ids.member }) }))).toEqual({
      code: 'already-linked',
    });
  });

  it('is not linked with a wrong code, which counts and is on the record', () => {
    const wrong = link({ codeRight: false });
    expect(refusalOf(wrong)).toEqual({ code: 'code-wrong', triesLeft: 4 });
    expect([written(wrong, 'ChatAccount'), actionsOf(wrong)]).toEqual([[], ['code.reject']]);
  });

  it('is not linked when no code was sent', () => {
    const refused = link({ challenge: null });
    expect([refusalOf(refused), refused.change]).toEqual([{ code: 'code-spent' }, nothing]);
  });

  it('of somebody whom the directory knows needs no code', () => {
    const recognised = recogniseAccount(buildChatAccount(), buildPerson(), 'directory', inviter);
    expect(writtenOne(recognised, 'ChatAccount').personId).toBe(ids.member);
    expect(recognised.change.audit).toMatchObject([{ action: 'account.link', details: { by: 'directory' } }]);
  });
});

describe('a chat account that was bound', () => {
  it('is let go with the reason on the record', () => {
    const account = buildChatAccount({ personId: ids.member, provenBy: 'platform' });
    const released = releaseAccount(account, 'deactivated', inviter);
    expect(writtenOne(released, 'ChatAccount')).toMatchObject({ personId: null, provenBy: null, version: 2 });
    expect(released.change.audit).toMatchObject([
      { action: 'account.unlink', subjectId: ids.member, reason: 'deactivated' },
    ]);
  });
});

describe('a person', () => {
  it.each([
    ['a member', null, buildPerson()],
    ['a guest who has redeemed', null, buildGuest()],
    ['a guest who has not redeemed', 'invitation-not-redeemed', buildInvitedGuest()],
    ['a blocked member', 'account-disabled', buildPerson({ accountEnabled: false })],
    ['a blocked guest who has not redeemed', 'account-disabled', buildInvitedGuest({ accountEnabled: false })],
  ])('who is %s is kept from using access by: %s', (_who, why, person) => {
    expect(standing(person)).toBe(why);
  });

  it('who is invited gets a principal name of the host', () => {
    expect(guestPrincipalName('john@contoso.com', 'fabrikam.example')).toBe('john_contoso.com#EXT#@fabrikam.example');
  });
});
