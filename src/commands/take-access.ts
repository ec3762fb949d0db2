import { z } from 'zod';
import type { Actor } from '../domain/audit.ts';
import { acts, may, notAllowed } from '../domain/authorisation.ts';
import type { Context, Decision } from '../domain/change.ts';
import type { PersonId, RequestId, RoleId } from '../domain/ids.ts';
import type { AssignmentRequest } from '../domain/request.ts';
import { confirmedFirst, goOnConfirmed } from '../domain/require-step-up.ts';
import type { StepUpRequirement } from '../domain/role-settings.ts';
import { directoryScope } from '../domain/scope.ts';
import { elevationMinutes, type Taking, takeAccess } from '../domain/take-access.ts';
import { minutesOf } from './activate.ts';
import { breakGlassPlace, findBreakGlass, placeText } from './break-glass.ts';
import { activeThereOrAbove } from './eligibles.ts';
import type { PersonCommand } from './execute.ts';
import { audienceOf, type Governed, governing, holdersOf, isRefusal, type Refused } from './lookups.ts';
import { inStanding, overseersOfPlace } from './overseers.ts';
import type { Reads } from './ports.ts';
import type { PersonCaller } from './who.ts';

interface State extends Taking {
  readonly durationMinutes: number | null;
  readonly requires: StepUpRequirement;
}

type Command<Input> = PersonCommand<Input, State, { requestId: RequestId }>;

/** Requests of theirs among which one that waits to be confirmed is looked for; it lives for minutes. */
const recent = 20;

/** What of the state of things a taking is judged by. Refuses `duration-invalid`. */
async function takingAt(
  reads: Reads,
  of: Pick<Taking, 'action' | 'minutes'>,
  { role, chain, place, settings }: Governed,
  { person }: PersonCaller,
  toldIds: readonly PersonId[],
  duration: string,
): Promise<Omit<State, 'requires'> | Refused> {
  const durationMinutes = minutesOf(duration);
  if (durationMinutes !== null && typeof durationMinutes === 'object') return { refusal: durationMinutes };
  const [inForce, requests] = await Promise.all([
    activeThereOrAbove(reads, person.id, role.id, chain),
    reads.requestsOf(person.id, recent),
  ]);
  const openRequest = requests.find(
    ({ action, roleId, scopeId, state }) =>
      action === of.action && roleId === role.id && scopeId === chain[0].id && state.status === 'PendingEvaluation',
  );
  return {
    ...of,
    person,
    roleId: role.id,
    scopeId: chain[0].id,
    place,
    settingsVersion: settings.version,
    openRequest: openRequest ?? null,
    inForce,
    toldIds,
    durationMinutes,
  };
}

const deciding =
  <Input extends { readonly justification: string }>(): Command<Input>['decide'] =>
  ({ durationMinutes, requires: _, ...taking }, { justification }, { actor }, context) =>
    takeAccess(taking, { durationMinutes, justification }, actor, context);

/** The same, kept until whoever takes it has confirmed that it is them. */
const confirmed = <Input>(judge: Command<Input>): Command<Input> => ({
  ...judge,
  decide: (state, given, caller, context) =>
    confirmedFirst(judge.decide(state, given, caller, context), state.requires, context),
});

const elevateInput = z.object({
  /** As people write it, or plain minutes from a form's list; empty for the usual. */
  duration: z.string().default(''),
  justification: z.string().default(''),
});

const breakGlassInput = z.object({ ...elevateInput.shape, ...breakGlassPlace });

const judgeBreakGlass: Command<z.output<typeof breakGlassInput>> = {
  name: 'break-glass',
  for: 'person',
  input: breakGlassInput,
  load: async (reads, given, caller, now) => {
    const governed = await findBreakGlass(reads, given, caller, now);
    if (isRefusal(governed)) return governed;
    const { settings } = governed;
    const told = await overseersOfPlace(reads, governed, caller.person.id, now);
    const longest = settings.activationMaximumMinutes;
    const of = { action: 'selfBreakGlass', minutes: { usual: longest, longest } } as const;
    const taking = await takingAt(reads, of, governed, caller, told, given.duration);
    if (isRefusal(taking)) return taking;
    // Also where the role itself asks for none.
    const { activationRequires: asked } = settings;
    return { ...taking, requires: asked.kind === 'none' ? { kind: 'mfa' } : asked };
  },
  decide: deciding(),
};

/**
 * Whoever the settings in force name takes the role at once, in an emergency (ours): for the activation maximum or
 * shorter, when they have confirmed that it is them. Who oversees the role is told.
 */
export const breakGlass = confirmed(judgeBreakGlass);

const judgeElevation: Command<z.output<typeof elevateInput>> = {
  name: 'elevate',
  for: 'person',
  input: elevateInput,
  load: async (reads, { duration }, caller, now) => {
    if (!may(caller.held, acts.elevate)) return { refusal: notAllowed('elevate', acts.elevate) };
    const at = { roleId: 'userAccessAdministrator' as RoleId, scopeId: directoryScope };
    const governed = await governing(reads, at, audienceOf(caller.person));
    const administrators = await holdersOf(reads, acts.elevate, governed.chain, now);
    const told = inStanding(administrators, caller.person.id);
    const of = { action: 'selfElevate', minutes: elevationMinutes } as const;
    const taking = await takingAt(reads, of, governed, caller, told, duration);
    return isRefusal(taking) ? taking : { ...taking, requires: { kind: 'mfa' } };
  },
  decide: deciding(),
};

/**
 * A Global Administrator makes themselves User Access Administrator at the root scope, for a while (Microsoft Entra,
 * "Elevate access to manage all Azure subscriptions and management groups"). It takes effect when they have confirmed
 * that it is them; the other Global Administrators are told.
 */
export const elevate = confirmed(judgeElevation);

/**
 * Goes on with what somebody takes by themselves, now that they have confirmed that it is them: judged as things stand
 * now. Refuses what the command does.
 */
export async function goOnTaking(
  reads: Reads,
  kept: AssignmentRequest,
  caller: PersonCaller,
  now: Date,
): Promise<((actor: Actor, context: Context) => Decision<unknown>) | Refused> {
  const { justification } = kept;
  const given = { duration: String(kept.durationMinutes), justification };
  if (kept.action === 'selfElevate') return judgedAnew(judgeElevation, given, reads, kept, caller, now);
  const where = { place: placeText(kept), role: '', scope: '' };
  return judgedAnew(judgeBreakGlass, { ...given, ...where }, reads, kept, caller, now);
}

async function judgedAnew<Input>(
  judge: Command<Input>,
  given: Input,
  reads: Reads,
  kept: AssignmentRequest,
  caller: PersonCaller,
  now: Date,
): ReturnType<typeof goOnTaking> {
  const state = await judge.load(reads, given, caller, now);
  if (isRefusal(state)) return state;
  // It does not stand in its own way.
  const openRequest = state.openRequest?.id === kept.id ? null : state.openRequest;
  return (actor, context) =>
    goOnConfirmed(kept, (same) => judge.decide({ ...state, openRequest }, given, { ...caller, actor }, same), context);
}
