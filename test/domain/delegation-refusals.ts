import { type DelegationWish, delegate, stopDelegation } from '../../src/domain/delegate.ts';
import type { Delegation } from '../../src/domain/delegation.ts';
import type { DelegationId, PersonId } from '../../src/domain/ids.ts';
import { buildActor, buildApprover, buildContext, buildPerson, day, minutesIn, noon, uuid } from '../support/build.ts';
import { refusalOf } from './outcome.ts';

const actor = buildActor();
const context = buildContext();
const approver = buildApprover();
const standIn = buildPerson({ id: uuid(5) as PersonId });
const open: Delegation = {
  id: uuid(60) as DelegationId,
  version: 1,
  approverId: approver.id,
  standInId: standIn.id,
  startsAt: noon,
  endsAt: minutesIn(day),
  note: '',
  createdAt: noon,
  state: { status: 'InForce' },
};

const ask = (wish: Partial<DelegationWish>, parts: Partial<Parameters<typeof delegate>[0]> = {}) =>
  refusalOf(
    delegate(
      { approver, standIn, open: null, waiting: [], ...parts },
      { startsAt: null, endsAt: minutesIn(day), note: '', ...wish },
      actor,
      context,
    ),
  )?.code;

/** One way to each refusal of deciding in another's place. */
export const delegationRefusals = {
  'stand-in-unfit': () => ask({}, { standIn: approver }),
  'delegation-incomplete': () => ask({ endsAt: null }),
  'delegation-empty': () => ask({ endsAt: noon }),
  'delegation-too-long': () => ask({ endsAt: minutesIn(91 * day) }),
  'delegation-exists': () => ask({}, { open }),
  'delegation-none': () => refusalOf(stopDelegation(null, approver.id, actor, context))?.code,
};
