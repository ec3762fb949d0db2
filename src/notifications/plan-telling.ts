import type { PlanTelling, Post, Reads, Telling } from '../commands/ports.ts';
import type { DomainEvent } from '../domain/event.ts';
import type { PersonId } from '../domain/ids.ts';
import { directoryScope } from '../domain/scope.ts';
import type { TrackedCardName } from './tracked.ts';

const post = (name: TrackedCardName, subjectId: string, recipientId: PersonId, suffix: string | number): Post => ({
  key: `${name}:${subjectId}:${suffix}:${recipientId}`,
  name,
  subjectId,
  recipientId,
  channel: name.startsWith('mail-') ? 'mail' : 'chat',
});

const telling = (posts: readonly Post[], refresh: readonly string[] = []): Telling => ({ posts, refresh });

/** Who is told what, by which card: Microsoft Entra PIM, "Email notifications in PIM", with chat first. */
export const createPlanTelling =
  (reads: Reads): PlanTelling =>
  async (events, now) => {
    const tellings: Telling[] = [];
    for (const event of events) tellings.push(await plan(event));
    return telling(
      tellings.flatMap(({ posts }) => posts),
      tellings.flatMap(({ refresh }) => refresh),
    );

    async function plan(event: DomainEvent): Promise<Telling> {
      switch (event.type) {
        case 'invitation-sent':
          return telling([
            post('mail-invitation', event.invitationId, event.guestId, event.generation),
            post('invitation', event.invitationId, event.inviterId, 'sent'),
          ]);
        case 'invitation-changed': {
          const eligibles = event.accepted ? await reads.openEligiblesOf(event.guestId) : [];
          return telling(
            eligibles.map(({ id }) => post('eligible', id, event.guestId, 'assigned')),
            [event.invitationId],
          );
        }
        case 'code-issued':
          return telling([post('mail-code', event.challengeId, event.personId, 'issued')]);
        case 'eligibility-assigned':
          return telling(event.usable ? [post('eligible', event.assignmentId, event.principalId, 'assigned')] : []);
        case 'activation-requested':
          return telling([
            post('request', event.requestId, event.requesterId, 'asked'),
            ...event.approverIds.map((approverId) => post('approval', event.requestId, approverId, 'asked')),
          ]);
        case 'request-changed':
          return telling(event.tell ? [post('request', event.requestId, event.requesterId, event.tell)] : [], [
            event.requestId,
            ...(event.assignmentId ? [event.assignmentId] : []),
          ]);
        case 'assignment-ending': {
          const daysLeft = Math.round((event.endsAt.getTime() - now.getTime()) / 86_400_000);
          const which = `${event.endsAt.getTime()}-${daysLeft}`;
          return telling([post('ending', event.assignmentId, event.principalId, which)]);
        }
        case 'assignment-ended':
          return telling([post('eligible', event.assignmentId, event.principalId, 'ended')], [event.assignmentId]);
        case 'provisioning-stuck': {
          const administrators = await ushersAdministrators(reads, now);
          return telling(administrators.map((id) => post('stuck', event.assignmentId, id, 'stuck')));
        }
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
  (await reads.holders(['globalAdministrator', 'privilegedRoleAdministrator'], [directoryScope], now))
    .filter((person) => person.accountEnabled)
    .map(({ id }) => id);
