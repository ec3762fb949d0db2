import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Challenge,
  challengeMinutes,
  challengePauseSeconds,
  challengesAnHour,
  challengeTries,
} from '../../src/domain/challenge.ts';
import { accept, type Decision } from '../../src/domain/change.ts';
import { deriveSecrets } from '../../src/domain/derived-secrets.ts';
import { addMinutes } from '../../src/domain/duration.ts';
import {
  acceptInvitation,
  declineInvitation,
  inviteGuest,
  type Redemption,
  requestRedemptionCode,
  resendInvitation,
  revokeInvitation,
} from '../../src/domain/guest.ts';
import type { Organisation } from '../../src/domain/organisation.ts';
import { buildActor, buildOrganisation, buildPerson, buildRole, buildScope, buildSettings } from '../support/build.ts';
import {
  all,
  createMemory,
  type Memory,
  newestBut,
  onlyAlong,
  onward,
  type Rules,
  type Step,
  storeRules,
  uphold,
  write,
} from './memory.ts';
import { refusalOf, written } from './outcome.ts';

const secrets = deriveSecrets(Buffer.alloc(32, 7));
const inviter = buildPerson();
const visitor = buildActor({ personId: null, surface: 'web', account: null });
const address = { address: 'john@contoso.com', local: 'john', domain: 'contoso.com' };
const assignment = {
  kind: 'eligible' as const,
  role: buildRole(),
  scope: buildScope(),
  duration: null,
  startsAt: null,
  justification: '',
  settings: buildSettings(),
};
const terms = { version: 1, text: 'Be good.' };

/** The mails are links; `link` is the newest but so many. */
type Accepting = {
  readonly do: 'accept';
  readonly link: number;
  readonly codeRight: boolean;
  readonly agreed: boolean;
};
type Move =
  | Accepting
  | { readonly do: 'invite'; readonly withRole: boolean }
  | { readonly do: 'ask for a code' | 'decline'; readonly link: number }
  | { readonly do: 'resend' | 'revoke' }
  | Disturbance;
type Disturbance =
  | { readonly do: 'wait'; readonly seconds: number }
  | { readonly do: 'block or unblock' | 'close or open the domain' };

const link = fc.constantFrom(0, 0, 0, 1, 2);
const moves = fc.array(
  fc.oneof<fc.WeightedArbitrary<Move>[]>(
    {
      weight: 4,
      arbitrary: fc.record({ do: fc.constant('wait'), seconds: fc.constantFrom(0, 29, 30, 300, 1799, 1800) }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('invite'), withRole: fc.boolean() }) },
    { weight: 5, arbitrary: fc.record({ do: fc.constant('ask for a code'), link }) },
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant('accept'),
        link,
        codeRight: fc.constantFrom(true, false, false, false),
        agreed: fc.constantFrom(true, true, true, false),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('decline'), link }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('resend') }) },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constantFrom('revoke', 'block or unblock', 'close or open the domain') }),
    },
  ),
  { minLength: 1, maxLength: 40, size: 'max' },
);

interface World {
  readonly memory: Memory;
  organisation: Organisation;
  readonly links: string[];
}

const nothing = accept(null, {});

const newestFirst = (a: Challenge, b: Challenge) =>
  b.createdAt.getTime() - a.createdAt.getTime() || (a.id < b.id ? 1 : -1);
const challengesOf = ({ entities }: Memory) => all(entities, 'Challenge').sort(newestFirst);
const onlyGuest = ({ entities }: Memory) => all(entities, 'Person').find(({ id }) => id !== inviter.id) ?? null;
const onlyInvitation = ({ entities }: Memory) => all(entities, 'Invitation')[0] ?? null;

/** What a link leads to, as the pages find it: nothing, once a newer mail has replaced it. */
function redemptionOf({ memory, organisation, links }: World, which: number): Redemption | null {
  const read = secrets.readRedemptionToken(newestBut(links, which) ?? '');
  const [invitation, guest] = [onlyInvitation(memory), onlyGuest(memory)];
  return invitation && guest && read?.generation === invitation.generation ? { invitation, guest, organisation } : null;
}

function invite({ memory, organisation }: World, withRole: boolean): Decision<unknown> {
  const existing = all(memory.entities, 'Assignment').filter((item) => item.kind === 'eligible');
  return inviteGuest(
    { organisation, inviter, known: onlyGuest(memory), existing, objectId: null },
    { address, displayName: null, company: null, message: '', assignment: withRole ? assignment : null },
    buildActor(),
    memory.context(),
  );
}

function openLink(world: World, move: Extract<Move, { link: number }>): Decision<unknown> {
  const redemption = redemptionOf(world, move.link);
  if (!redemption) return nothing;
  const context = world.memory.context();
  const challenges = challengesOf(world.memory);
  const [challenge = null] = challenges;
  switch (move.do) {
    case 'ask for a code': {
      const recent = challenges.filter(({ createdAt }) => createdAt > addMinutes(context.now, -60));
      return requestRedemptionCode(redemption, recent, visitor, context);
    }
    case 'accept': {
      const given = { challenge, codeRight: move.codeRight && challenge !== null, termsAccepted: move.agreed };
      return acceptInvitation(redemption, given, visitor, context);
    }
    case 'decline':
      return declineInvitation(redemption, visitor, context);
    default:
      return move satisfies never;
  }
}

/** What happens around the invitation, without a decision of its rules. */
function disturb(world: World, move: Disturbance) {
  const { memory } = world;
  const guest = onlyGuest(memory);
  const { policy } = world.organisation.domains;
  if (move.do === 'wait') memory.now = onward(memory.now, move.seconds / 60);
  else if (move.do === 'close or open the domain')
    world.organisation = buildOrganisation({
      terms,
      domains: policy === 'any' ? { policy: 'deny', list: ['contoso.com'] } : { policy: 'any' },
    });
  else if (guest) {
    const value = { ...guest, version: guest.version + 1, accountEnabled: !guest.accountEnabled };
    memory.entities = new Map([...memory.entities, [guest.id, { entity: 'Person', value }]]);
  }
}

function perform(world: World, move: Move): Decision<unknown> {
  const { memory } = world;
  const [invitation, guest] = [onlyInvitation(memory), onlyGuest(memory)];
  switch (move.do) {
    case 'invite':
      return invite(world, move.withRole);
    case 'ask for a code':
    case 'accept':
    case 'decline':
      return openLink(world, move);
    case 'resend':
      return invitation && guest ? resendInvitation({ invitation, guest }, buildActor(), memory.context()) : nothing;
    case 'revoke':
      return invitation && guest ? revokeInvitation({ invitation, guest }, buildActor(), memory.context()) : nothing;
    default:
      disturb(world, move);
      return nothing;
  }
}

const putInvitation = (step: Step) => written(step.decision, 'Invitation')[0];
const earlierOf = <Name extends 'Person' | 'Challenge' | 'Invitation'>(step: Step, name: Name, id: string) =>
  all(step.before, name).find((item) => item.id === id);

const rules: Rules = {
  ...storeRules,
  'invitations move along their edges': onlyAlong('Invitation', {
    Pending: ['Pending', 'Accepted', 'Declined', 'Revoked'],
    Declined: ['Pending', 'Revoked'],
    Revoked: ['Pending'],
  }),
  'somebody is invited once': ({ after }) => all(after, 'Invitation').length <= 1 && all(after, 'Person').length <= 2,
  'every mail has a link of its own, and only a mail has': (step) => {
    const invitation = putInvitation(step);
    const mails = step.decision.change.events.filter(({ type }) => type === 'invitation-sent').length;
    const before = invitation && earlierOf(step, 'Invitation', invitation.id);
    return (invitation?.generation ?? 0) - (before?.generation ?? 0) === (invitation ? mails : 0);
  },
  'a guest is accepted exactly when the invitation is': (_step, memory) => {
    const accepted = onlyInvitation(memory)?.state.status === 'Accepted';
    return (onlyGuest(memory)?.externalUserState === 'Accepted') === accepted;
  },
  'a guest signs in with a passcode exactly when accepted': (_step, memory) => {
    const guest = onlyGuest(memory);
    return !guest || guest.identities.includes('mail') === (guest.externalUserState === 'Accepted');
  },
  'who accepts spends a good code': (step) =>
    putInvitation(step)?.state.status !== 'Accepted' ||
    written(step.decision, 'Challenge').some(({ id, usedAt }) => {
      const before = earlierOf(step, 'Challenge', id);
      const good =
        before && !before.usedAt && before.failures < 5 && step.now < addMinutes(before.createdAt, challengeMinutes);
      return good && usedAt?.getTime() === step.now.getTime();
    }),
  'nobody blocked gets in': (step) =>
    putInvitation(step)?.state.status !== 'Accepted' ||
    written(step.decision, 'Person').every(({ id }) => earlierOf(step, 'Person', id)?.accountEnabled),
  'an invitation that is taken back blocks the account': (step) =>
    putInvitation(step)?.state.status !== 'Revoked' ||
    written(step.decision, 'Person').some(({ accountEnabled }) => !accountEnabled),
  'a code that is used or tried too often is left alone': (step) =>
    written(step.decision, 'Challenge').every(({ id, failures }) => {
      const before = earlierOf(step, 'Challenge', id);
      return !before || (!before.usedAt && before.failures < challengeTries && failures <= before.failures + 1);
    }),
  'a wrong code is counted, and on the record': ({ decision }) =>
    refusalOf(decision)?.code !== 'code-wrong' ||
    (written(decision, 'Challenge').length === 1 && decision.change.audit.some(({ result }) => result === 'failure')),
  'codes come one in half a minute, and five in an hour': ({ now }, memory) => {
    const challenges = challengesOf(memory);
    const within = (seconds: number) =>
      challenges.filter(({ createdAt }) => createdAt.getTime() > now.getTime() - seconds * 1000).length;
    return within(challengePauseSeconds) <= 1 && within(3600) <= challengesAnHour;
  },
};

/** What only the move itself tells. */
function refusesWhatItMust(world: World, move: Move, decision: Decision<unknown>): void {
  if (!decision.accepted || putInvitation({ decision } as Step)?.state.status !== 'Accepted') return;
  const { link: used, codeRight, agreed } = move as Accepting;
  const newest = world.links.length - 1 === world.links.lastIndexOf(newestBut(world.links, used) ?? '');
  if (!codeRight) throw new Error('broken: only the right code opens');
  if (!agreed) throw new Error('broken: only who agrees to the terms gets in');
  if (!newest) throw new Error('broken: only the newest link opens');
  if (world.organisation.domains.policy !== 'any') throw new Error('broken: only a welcome domain gets in');
}

function play(sequence: readonly Move[], seen: (step: Step, memory: Memory) => void = () => {}): void {
  const memory = createMemory([{ entity: 'Person', value: inviter }]);
  const world: World = { memory, organisation: buildOrganisation({ terms }), links: [] };
  for (const move of sequence) {
    const decision = perform(world, move);
    refusesWhatItMust(world, move, decision);
    const step = write(memory, decision);
    uphold(rules, step, memory);
    for (const event of decision.change.events)
      if (event.type === 'invitation-sent')
        world.links.push(secrets.redemptionToken(event.invitationId, event.generation));
    if (new Set(world.links).size < world.links.length) throw new Error('broken: no two links are the same');
    seen(step, memory);
  }
}

describe('invitations, whatever is done in whatever order', () => {
  it('keep every rule after every step', () => {
    fc.assert(
      fc.property(moves, (sequence) => play(sequence)),
      { numRuns: 3000 },
    );
  });

  it('come to every state and every refusal that there is here', () => {
    const reached = new Set<string>();
    for (const sequence of fc.sample(moves, { numRuns: 800, seed: 1 }))
      play(sequence, (step) => {
        const status = putInvitation(step)?.state.status;
        for (const what of [status, refusalOf(step.decision)?.code]) if (what) reached.add(what);
      });
    expect([...reached].sort()).toMatchInlineSnapshot(`
      [
        "Accepted",
        "Declined",
        "Pending",
        "Revoked",
        "account-disabled",
        "already-assigned",
        "already-here",
        "already-invited",
        "code-spent",
        "code-throttled",
        "code-wrong",
        "domain-blocked",
        "invitation-closed",
        "terms-not-accepted",
      ]
    `);
  });
});
