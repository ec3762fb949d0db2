import { z } from 'zod';
import type { AuditFact } from '../domain/audit.ts';
import { managersOf, notAllowed, viewersOf } from '../domain/authorisation.ts';
import { accept } from '../domain/change.ts';
import type { RoleId, ScopeId } from '../domain/ids.ts';
import type { RoleDefinition } from '../domain/role.ts';
import { directoryScope, type Scope } from '../domain/scope.ts';
import { type Sight, seesOthers, sightOf } from '../domain/sight.ts';
import type { Viewer } from './browsing.ts';
import type { PersonCommand } from './execute.ts';
import { findRole, isRefusal, type Refused } from './lookups.ts';
import type { Reads } from './ports.ts';
import type { PersonCaller } from './who.ts';

/** Who looks, as far as it depends on what they hold. */
export const viewerOf = ({ person, held }: PersonCaller, now: Date): Viewer => ({
  personId: person.id,
  sight: sightOf(held),
  now,
});

const reading = (
  { actor }: PersonCaller,
  about: { readonly role?: RoleDefinition | null; readonly scope?: Scope | null },
  details: AuditFact['details'],
): AuditFact => ({
  action: 'assignments.read',
  actor,
  subjectId: null,
  role: about.role?.name ?? null,
  scope: about.scope?.name ?? null,
  requestId: null,
  result: 'success',
  reason: null,
  details: { ...details, ...(about.scope ? { scopeId: about.scope.id } : {}) },
});

/** Of scopes that may be meant: how many are named, and up to how many are counted. */
const [named, counted] = [8, 1_000];

const mayNot = (role: Pick<RoleDefinition, 'kind'>): Refused => ({
  refusal: notAllowed('view-assignments', viewersOf(role, { roleAssignable: true })),
});

/** Whether the sight reaches roles of this kind anywhere. */
const sees = (sight: Sight, { kind }: Pick<RoleDefinition, 'kind'>): boolean => {
  switch (kind) {
    case 'directory':
      return sight.directory;
    case 'resource':
      return sight.resourcesBelow.length > 0;
    case 'group':
      return sight.roleAssignableGroups || sight.otherGroups || sight.groups.length > 0;
    default:
      return kind satisfies never;
  }
};

/**
 * The scope that is meant, among those whose assignments the viewer may see: what they may not see is answered like
 * what does not exist. Refuses `scope-unknown` and `scope-ambiguous`.
 */
async function viewedScope(
  reads: Reads,
  viewer: Viewer,
  given: string,
  kinds: Parameters<Reads['viewedScopes']>[2],
): Promise<Scope | Refused> {
  const [only, ...others] = await reads.viewedScopes(viewer, given, kinds, counted);
  if (!only) return { refusal: { code: 'scope-unknown', scope: given, suggestions: [] } };
  if (others.length === 0) return only;
  const matches = [only, ...others].slice(0, named).map(({ id }) => id);
  return { refusal: { code: 'scope-ambiguous', scope: given, matches, more: others.length + 1 - matches.length } };
}

const listInput = z.object({ filter: z.string().default('') });

/** Lists the scopes at which the caller manages or holds something. */
export const resources: PersonCommand<z.output<typeof listInput>, null, null> = {
  name: 'resources',
  for: 'person',
  input: listInput,
  load: async () => null,
  decide: (_state, { filter }, caller) =>
    accept(null, {
      audit: seesOthers(sightOf(caller.held)) ? [reading(caller, {}, { what: 'resources', filter })] : [],
    }),
};

const scopeInput = z.object({ scope: z.string().default('') });

/** Shows one scope: its place in the tree, who owns it, the roles held there. */
export const showResource: PersonCommand<z.output<typeof scopeInput>, Scope, { scopeId: ScopeId }> = {
  name: 'resource',
  for: 'person',
  input: scopeInput,
  load: async (reads, { scope }, caller, now) => {
    const viewer = viewerOf(caller, now);
    if (!sees(viewer.sight, { kind: 'resource' }) && !viewer.sight.directory) return mayNot({ kind: 'resource' });
    return viewedScope(reads, viewer, scope.trim() || directoryScope, 'places');
  },
  decide: (scope, _input, caller) =>
    accept({ scopeId: scope.id }, { audit: [reading(caller, { scope }, { what: 'resource' })] }),
};

interface RolePlace {
  readonly role: RoleDefinition;
  readonly scope: Scope | null;
}

/** The role that is meant, and the scope where one is given; directory roles need none. */
async function rolePlace(
  reads: Reads,
  given: { readonly role: string; readonly scope: string },
  viewer: Viewer,
): Promise<RolePlace | Refused> {
  const role = await findRole(reads, given.role);
  if (isRefusal(role)) return seesOthers(viewer.sight) ? role : mayNot({ kind: 'directory' });
  if (!sees(viewer.sight, role)) return mayNot(role);
  if (role.kind === 'directory') {
    const [scope = null] = await reads.scopesById([directoryScope]);
    return { role, scope };
  }
  if (!given.scope.trim()) return { role, scope: null };
  const scope = await viewedScope(reads, viewer, given.scope, role.kind === 'group' ? 'groups' : 'resources');
  return isRefusal(scope) ? scope : { role, scope };
}

const roleInput = z.object({ role: z.string().default(''), scope: z.string().default('') });

/** Shows a role: what it is, the settings in force, who decides, how many hold it. */
export const showRole: PersonCommand<
  z.output<typeof roleInput>,
  RolePlace & { readonly scope: Scope },
  { roleId: RoleId; scopeId: ScopeId }
> = {
  name: 'role',
  for: 'person',
  input: roleInput,
  load: async (reads, input, caller, now) => {
    const viewer = viewerOf(caller, now);
    const found = await rolePlace(reads, input, viewer);
    if (isRefusal(found)) return found;
    const { role, scope } = found;
    if (scope) return { role, scope };
    const kinds = role.kind === 'group' ? 'groups' : 'resources';
    const [only, ...others] = await reads.viewedScopes(viewer, '', kinds, named + 1);
    if (only && others.length === 0) return { role, scope: only };
    const scopes = [only, ...others].flatMap((one) => one?.name ?? []);
    return { refusal: { code: 'role-needs-scope', role: role.name, scopes } };
  },
  decide: ({ role, scope }, _input, caller) =>
    accept({ roleId: role.id, scopeId: scope.id }, { audit: [reading(caller, { role, scope }, { what: 'role' })] }),
};

const membersInput = roleInput.extend({
  kind: z.enum(['eligible', 'active', '']).default(''),
  /** Empty for everybody. */
  guests: z.string().default(''),
  filter: z.string().default(''),
});

/** Lists who holds a role, wherever the caller may see that or at one scope and above. */
export const members: PersonCommand<
  z.output<typeof membersInput>,
  RolePlace,
  { roleId: RoleId; scopeId: ScopeId | null }
> = {
  name: 'members',
  for: 'person',
  input: membersInput,
  load: (reads, input, caller, now) => rolePlace(reads, input, viewerOf(caller, now)),
  decide: ({ role, scope }, { kind, guests, filter }, caller) =>
    accept(
      { roleId: role.id, scopeId: scope?.id ?? null },
      {
        audit: [
          reading(
            caller,
            { role, scope },
            {
              what: 'members',
              kind: kind || null,
              guests: guests !== '',
              filter,
            },
          ),
        ],
      },
    ),
};

/** Who manages assignments at a scope, as `holders` asks for them. */
export const managingAt = (scope: Scope, chain: readonly Scope[]): Parameters<Reads['holders']>[0] =>
  scope.kind === 'directory'
    ? managersOf({ kind: 'directory' }, null).map(({ role }) => ({ role, scopeIds: [directoryScope] }))
    : managersOf({ kind: 'resource' }, null).map(({ role }) => ({ role, scopeIds: chain.map(({ id }) => id) }));
