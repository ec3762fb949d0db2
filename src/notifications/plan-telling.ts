import type { PlanTelling, Post, Reads, Telling } from '../commands/ports.ts';
import type { Assignment } from '../domain/assignment.ts';
import { acts } from '../domain/authorisation.ts';
import type { DomainEvent } from '../domain/event.ts';
import type { PersonId, PrincipalId } from '../domain/ids.ts';
import { notifiedOf } from '../domain/notified.ts';
import { directoryScope } from '../domain/scope.ts';
import { createRecipients, post, side } from './recipients.ts';
import type { TrackedCardName } from './tracked.ts';

/** How its holder sees an assignment. */
const cardOf = (kind: Assignment['kind']): TrackedCardName => (kind === 'eligible' ? 'eligible' : 'assignment');

/** What an assignee is told, and others instead of them. */
const assigneesNews = (subjectId: string, kind: Assignment['kind'], canWait: boolean) =>
  ({ name: cardOf(kind), mailed: 'managed', subjectId, suffix: 'assigned', canWait }) as const;

const telling = (posts: readonly Post[], refresh: readonly string[] = [], wake: readonly PersonId[] = []): Telling => ({
  posts,
  refresh,
  ...(wake.length > 0 ? { wake } : {}),
});

/** Who is told what, by which card: Microsoft Entra PIM, "Email notifications in PIM", with chat first. */
export const createPlanTelling =
  (reads: Reads): PlanTelling =>
  async (events, now) => {
    const tellings: Telling[] = [];
    const recipients = createRecipients(reads, now);
    for (const event of events) tellings.push(await plan(event));
    return telling(
      tellings.flatMap(({ posts }) => posts),
      tellings.flatMap(({ refresh }) => refresh),
      tellings.flatMap(({ wake = [] }) => wake),
    );

    /** A group's assignments are told to its active members. */
    async function toldFor(principalId: PrincipalId): Promise<PersonId[]> {
      return (await recipients.peopleOf(principalId)).map(({ id }) => id);
    }

    type Asked = Extract<DomainEvent, { type: 'activation-requested' | 'extension-requested' }>;

    /** Whoever decides; and those whom the settings name, by mail. */
    async function asked({ requestId, requesterId, notified }: Asked, deciders: readonly PersonId[]): Promise<Post[]> {
      if (deciders.length === 0) return [];
      const news = { name: 'approval', subjectId: requestId, suffix: 'asked', canWait: false } as const;
      const people = await reads.people(deciders);
      return recipients.posts(notified, requesterId, [side('approver', people, true, news)], [requesterId]);
    }

    async function plan(event: DomainEvent): Promise<Telling> {
      switch (event.type) {
        case 'invitation-sent':
          return telling([
            post('mail-invitation', event.invitationId, event.guestId, event.generation),
            post('invitation', event.invitationId, event.inviterId, 'sent'),
          ]);
        case 'invitation-changed': {
          const assigned = event.accepted ? await reads.openAssignmentsOf(event.guestId) : [];
          const people = await recipients.peopleOf(event.guestId);
          const posts: Post[] = [];
          for (const assignment of assigned) {
            // They have just redeemed their invitation, and are there.
            const news = assigneesNews(assignment.id, assignment.kind, false);
            const sides = [side('assignee', people, false, news)];
            posts.push(...(await recipients.posts(notifiedOf(assignment), event.guestId, sides)));
          }
          return telling(posts, [event.invitationId]);
        }
        case 'code-issued':
          return telling([post('mail-code', event.challengeId, event.personId, 'issued')]);
        case 'assigned': {
          const { assignmentId, principalId, notified, by } = event;
          const others = (await recipients.managers(notified)).filter(({ id }) => id !== by);
          const news = { name: 'managed', subjectId: assignmentId, suffix: 'assigned', canWait: true } as const;
          const sides = [
            ...(event.usable
              ? [
                  side(
                    'assignee',
                    await recipients.peopleOf(principalId),
                    false,
                    assigneesNews(assignmentId, event.kind, true),
                  ),
                ]
              : []),
            side('admin', others, false, news),
          ];
          return telling([
            ...(await recipients.posts(notified, principalId, sides)),
            ...(event.managerId ? [post('managed', assignmentId, event.managerId, 'assigned')] : []),
          ]);
        }
        case 'assignment-changed': {
          const { assignmentId, kind, tell } = event;
          const told = tell ? await toldFor(event.principalId) : [];
          return telling(
            told.map((id) => post(cardOf(kind), assignmentId, id, tell as string, true)),
            [assignmentId],
          );
        }
        case 'activation-requested':
          return telling([
            post('request', event.requestId, event.requesterId, 'asked'),
            ...(await asked(event, event.approverIds)),
          ]);
        case 'exceptional-access':
          return telling(event.toldIds.map((id) => post('exceptional', event.requestId, id, 'taken')));
        case 'activated': {
          const { requestId, requesterId, notified } = event;
          const [requester, managers, deciders] = await Promise.all([
            recipients.peopleOf(requesterId),
            recipients.managers(notified),
            reads.askedAbout(requestId),
          ]);
          const news = { name: 'activated', subjectId: requestId, suffix: 'Provisioned', canWait: true } as const;
          // Whoever was asked to decide, or alerted, has a copy of the request, which shows it.
          const others = managers.filter(({ id }) => id !== requesterId && !deciders.includes(id));
          return telling(
            await recipients.posts(notified, requesterId, [
              side('assignee', requester, false, { ...news, name: 'request', mailed: 'activated', canWait: false }),
              side('admin', others, false, news),
            ]),
          );
        }
        case 'review-wanted': {
          const { requestId, reviewerIds, occasion } = event;
          return telling(
            reviewerIds.map((id) => post('break-glass-review', requestId, id, occasion)),
            [requestId],
          );
        }
        case 'approvers-asked':
          return telling(
            event.personIds.map((id) => post('approval', event.requestId, id, event.occasion)),
            [event.requestId],
          );
        case 'request-changed':
          return telling(
            event.tell
              ? (await toldFor(event.requesterId)).map((id) =>
                  post('request', event.requestId, id, event.tell as string),
                )
              : [],
            [event.requestId, ...(event.assignmentId ? [event.assignmentId] : [])],
          );
        case 'assignment-ending': {
          // One that is about to come is told while it can still be moved.
          const daysLeft = Math.round((event.endsAt.getTime() - now.getTime()) / 86_400_000);
          const which = `${event.endsAt.getTime()}-${daysLeft}`;
          const news = { name: 'ending', subjectId: event.assignmentId, suffix: which, canWait: daysLeft > 0 } as const;
          const sides = [side('assignee', await recipients.peopleOf(event.principalId), false, news)];
          const posts = await recipients.posts(event.notified, event.principalId, sides);
          // The way on is for the assignee alone.
          return telling(posts.filter(({ recipientId }) => recipientId !== null));
        }
        case 'extension-requested':
          return telling(
            [post('request', event.requestId, event.requesterId, 'asked'), ...(await asked(event, event.deciderIds))],
            [event.assignmentId],
          );
        case 'extension-resolved':
          // Whoever was asked has a copy, which shows it: the same key posts nothing anew.
          return telling(
            event.otherManagerIds.map((id) => post('approval', event.requestId, id, 'asked', true)),
            [event.assignmentId],
          );
        case 'assignment-ended':
          return telling(
            (await toldFor(event.principalId)).map((id) => post('expired', event.assignmentId, id, 'ended', true)),
            [event.assignmentId],
          );
        case 'provisioning-stuck': {
          const administrators = await ushersAdministrators(reads, now);
          return telling(administrators.map((id) => post('stuck', event.assignmentId, id, 'stuck')));
        }
        case 'settings-changed': {
          const { changeId, by } = event;
          const others = (await recipients.managers(event)).filter(({ id }) => id !== by);
          return telling(others.map(({ id }) => post('settings-changed', changeId, id, 'changed', true)));
        }
        case 'digest-due':
          return telling([post('digest', event.personId, event.personId, event.week, true)]);
        case 'quiet-changed':
          return telling([], [], [event.personId]);
        case 'credential-changed':
          return telling([post('credential', event.credentialId, event.personId, event.tell)], [event.credentialId]);
        case 'delegation-changed':
          return telling(
            event.personIds.map((id) => post('delegation', event.delegationId, id, event.occasion)),
            [event.delegationId],
          );
        case 'delivery-failed': {
          // Not about its own kind: who can't reach the administrators either has the audit.
          const administrators = event.about === 'undeliverable' ? [] : await ushersAdministrators(reads, now);
          return telling(administrators.map((id) => post('undeliverable', event.cardId, id, 'failed')));
        }
        default:
          return event satisfies never;
      }
    }
  };

/** Those who look after Usher itself. */
const ushersAdministrators = async (reads: Reads, now: Date): Promise<PersonId[]> =>
  (
    await reads.holders(
      acts.oversee.map(({ role }) => ({ role, scopeIds: [directoryScope] })),
      now,
    )
  )
    .filter((person) => person.accountEnabled)
    .map(({ id }) => id);
