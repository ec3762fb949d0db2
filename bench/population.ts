import { approvalBy } from '../src/domain/role-settings.ts';
import { fakeAppId, fakeTenantId } from '../test/fakes/teams.ts';
import type { Ask } from './processes.ts';
import type { UsherQuestions } from './usher-process.ts';

type Usher = Ask<UsherQuestions>;

/** Every place has settings and an approver of its own, so that no approver's chat goes over Teams' rates. */
const places = 2_500;
const role = 'contributor';

const kinds = {
  guest: 1,
  approver: 2,
  account: 3,
  approverAccount: 4,
  eligible: 5,
  ender: 6,
  enderAccount: 7,
  other: 8,
  otherAssignment: 9,
  waiting: 10,
  manyEligible: 11,
  owner: 12,
  manager: 13,
  managerAccount: 14,
  /** One more for each round. */
  ending: 1_000,
  ended: 2_000,
} as const;

/** Ids in the order in which they are made, as Usher's own (UUID version 7) are. */
const idOf = (kind: number, index: number) =>
  `${kind.toString(16).padStart(8, '0')}-0000-7000-8000-${index.toString(16).padStart(12, '0')}`;
const sqlId = (kind: number, index = 'i') =>
  `('${kind.toString(16).padStart(8, '0')}-0000-7000-8000-' || lpad(to_hex(${index}), 12, '0'))::uuid`;

const place = (index: string) => `'/bench/places/' || (${index}) % ${places}`;
const series = (first: number, count: number) => `generate_series(${first}, ${first + count - 1}) AS i`;

export const guest = (index: number) => ({
  aadObjectId: idOf(kinds.guest, index),
  eligibilityId: idOf(kinds.eligible, index),
});

/** What Teams sends for something done in a personal chat. */
export const activity = (serviceUrl: string, aadObjectId: string, id: string, more: object) => ({
  id,
  channelId: 'msteams',
  serviceUrl,
  timestamp: new Date().toISOString(),
  localTimezone: 'Europe/Berlin',
  locale: 'en-GB',
  from: { id: `29:${aadObjectId}`, name: 'Somebody', aadObjectId },
  recipient: { id: `28:${fakeAppId}`, name: 'Usher' },
  conversation: { id: `a:${aadObjectId}`, conversationType: 'personal', tenantId: fakeTenantId },
  channelData: { tenant: { id: fakeTenantId } },
  ...more,
});

export const click = (verb: string, data: object) => ({
  type: 'invoke',
  name: 'adaptiveCard/action',
  value: { action: { type: 'Action.Execute', verb, data: { verb, ...data } }, trigger: 'manual' },
});

/** Where a person is written to, as Usher keeps it of what they sent. */
const address = (serviceUrl: string, id: string) => `jsonb_build_object(
  'serviceUrl', '${serviceUrl}', 'channelId', 'msteams',
  'conversation', jsonb_build_object('id', 'a:' || ${id}, 'tenantId', '${fakeTenantId}', 'conversationType', 'personal'),
  'bot', jsonb_build_object('id', '28:${fakeAppId}', 'name', 'Usher'),
  'user', jsonb_build_object('id', '29:' || ${id}, 'aadObjectId', (${id})::text))`;

async function people(
  usher: Usher,
  given: {
    readonly person: number;
    /** Without one they are in the directory and not in the chat. */
    readonly account: number | null;
    readonly name: string;
    readonly first: number;
    readonly count: number;
    readonly serviceUrl: string;
    readonly guests: boolean;
  },
): Promise<void> {
  const { person, account, name, first, count, serviceUrl, guests } = given;
  const id = sqlId(person);
  await usher.run(`INSERT INTO "Person" (id, version, "displayName", mail, "userPrincipalName", "userType",
      "externalUserState", identities, "objectId", company, "sponsorId", "accountEnabled", "createdAt")
    SELECT ${id}, 1, '${name} ' || i, '${name}' || i || '@bench.example', '${name}' || i || '@bench.example',
      ${guests ? `'Guest', 'Accepted'` : `'Member', NULL`}, ARRAY['bench.example'], ${id}, 'Partner',
      ${guests ? sqlId(kinds.approver, `i % ${places}`) : 'NULL'}, true, now()
    FROM ${series(first, count)}`);
  if (account === null) return;
  await usher.run(`INSERT INTO "ChatAccount" (id, version, platform, "tenantId", "userId", "personId", address,
      "timeZone", locale, "lastSeenAt")
    SELECT ${sqlId(account)}, 1, 'teams', '${fakeTenantId}', (${id})::text, ${id}, ${address(serviceUrl, id)},
      'Europe/Berlin', 'en-GB', now()
    FROM ${series(first, count)}`);
}

/** The organisation: places, their settings, their approvers. */
export async function organise(usher: Usher, serviceUrl: string): Promise<void> {
  await usher.run(`INSERT INTO "Scope" VALUES ('/bench', 'bench', 'subscription', '/')`);
  await usher.run(`INSERT INTO "Scope" (id, name, kind, "parentId")
    SELECT ${place('i')}, 'place-' || i, 'resource-group', '/bench' FROM ${series(0, places)}`);
  await usher.run(`INSERT INTO "Role" (id, name, kind, description) VALUES ('${role}', 'Contributor', 'resource', '')`);
  await usher.run(`INSERT INTO "RoleSettings" ("roleId", "scopeId", version, rules)
    SELECT '${role}', ${place('i')}, 1, jsonb_set('${JSON.stringify({ approval: approvalBy([]) })}'::jsonb,
      '{approval,stages,0,approvers,personIds}', jsonb_build_array(${sqlId(kinds.approver)}))
    FROM ${series(0, places)}`);
  const approvers = { person: kinds.approver, account: kinds.approverAccount, name: 'approver' };
  await people(usher, { ...approvers, first: 0, count: places, serviceUrl, guests: false });
  // Each place has its own manager, too, who is told of each activation: of all of them, one person would be told for
  // many minutes.
  const managers = { person: kinds.manager, account: kinds.managerAccount, name: 'manager' };
  await people(usher, { ...managers, first: 0, count: places, serviceUrl, guests: false });
  await usher.run(`UPDATE "Assignment" SET status = 'Ended', "closedAt" = now(), version = version + 1
    WHERE "roleId" = 'userAccessAdministrator'`);
  await usher.run(`INSERT INTO "Assignment" (id, version, kind, "principalId", "roleId", "scopeId", "startsAt", status,
      "confirmedAt")
    SELECT ${sqlId(kinds.owner)}, 2, 'active', ${sqlId(kinds.manager)}, 'owner', ${place('i')}, now(), 'Active', now()
    FROM ${series(0, places)}`);
}

/** Guests who are eligible for one role each, from the next index on. */
export async function addGuests(usher: Usher, serviceUrl: string, count: number): Promise<void> {
  const guests = { person: kinds.guest, account: kinds.account, name: 'guest' };
  await people(usher, { ...guests, first: 0, count, serviceUrl, guests: true });
  await usher.run(`INSERT INTO "Assignment" (id, version, kind, "principalId", "roleId", "scopeId", "startsAt", "endsAt",
      status)
    SELECT ${sqlId(kinds.eligible)}, 1, 'eligible', ${sqlId(kinds.guest)}, '${role}', ${place('i')}, now(),
      now() + interval '90 days', 'InForce' FROM ${series(0, count)}`);
  await usher.run(`INSERT INTO "Deadline" (kind, "subjectId", "dueAt")
    SELECT kind, ${sqlId(kinds.eligible)}, now() + days * interval '1 day'
    FROM ${series(0, count)}, (VALUES ('end', 90), ('warn', 89), ('warn', 76)) AS due (kind, days)`);
}

/** Everybody's requests go to the first approver from now on. */
export const oneApprover = (usher: Usher) =>
  usher.run(`UPDATE "RoleSettings" SET rules = jsonb_set(rules, '{approval,stages,0,approvers,personIds}',
    jsonb_build_array('${idOf(kinds.approver, 0)}'))`);

/** The object id of an approver in Teams. */
export const approver = (index: number): string => idOf(kinds.approver, index);

/** Requests of the first guests that wait, of which nobody has been told. */
export async function addPending(usher: Usher, count: number): Promise<string[]> {
  await usher.run(`INSERT INTO "Request" (id, version, "principalId", "eligibilityId", "roleId", "scopeId",
      "durationMinutes", justification, "settingsVersion", "createdAt", status, "timesOutAt")
    SELECT ${sqlId(kinds.waiting)}, 1, ${sqlId(kinds.guest)}, ${sqlId(kinds.eligible)}, '${role}', ${place('i')}, 60,
      'Measured', 1, now(), 'PendingApproval', now() + interval '1 day' FROM ${series(0, count)}`);
  await usher.run(`INSERT INTO "Deadline" (kind, "subjectId", "dueAt")
    SELECT 'time-out', ${sqlId(kinds.waiting)}, now() + interval '1 day' FROM ${series(0, count)}`);
  return Array.from({ length: count }, (_, index) => idOf(kinds.waiting, index));
}

/** Makes a guest eligible at so many places more. */
export const addEligibles = (usher: Usher, guestIndex: number, count: number) =>
  usher.run(`INSERT INTO "Assignment" (id, version, kind, "principalId", "roleId", "scopeId", "startsAt", "endsAt", status)
    SELECT ${sqlId(kinds.manyEligible)}, 1, 'eligible', '${idOf(kinds.guest, guestIndex)}', '${role}', ${place('i + 1')},
      now(), now() + interval '90 days', 'InForce' FROM ${series(guestIndex, count)}`);

/** Scopes below the places, until there are so many; and somebody who owns them all. */
export async function addScopes(usher: Usher, count: number): Promise<void> {
  await usher.run(`INSERT INTO "Scope" (id, name, kind, "parentId")
    SELECT ${place('i')} || '/disks/disk-' || i, 'disk-' || i, 'resource', ${place('i')}
    FROM ${series(0, count - places)}`);
  await usher.run(`INSERT INTO "Assignment" (id, version, kind, "principalId", "roleId", "scopeId", "startsAt", status,
      "confirmedAt")
    SELECT ${sqlId(kinds.manyEligible, '1000000')}, 2, 'active', '${idOf(kinds.approver, 1)}', 'owner', '/bench', now(),
      'Active', now()`);
}

/** Whoever has a chat account has it in this Slack workspace from now on; the user's id is their object id. */
export async function moveToSlack(usher: Usher, team: string): Promise<void> {
  await usher.run(`UPDATE "ChatAccount" SET platform = 'slack', "tenantId" = '${team}',
    address = jsonb_build_object('team', '${team}', 'user', "userId")`);
}

/** People whose activations are made to end. */
export const addEnders = (usher: Usher, serviceUrl: string, count: number) =>
  people(usher, {
    person: kinds.ender,
    account: kinds.enderAccount,
    name: 'ender',
    first: 0,
    count,
    serviceUrl,
    guests: true,
  });

/** Other people's assignments, at the same places: half eligible, half active and granted, all with an end ahead. */
export async function addOthers(usher: Usher, count: number): Promise<void> {
  const each = 10;
  await people(usher, {
    person: kinds.other,
    account: null,
    name: 'other',
    first: 0,
    count: count / each,
    serviceUrl: '',
    guests: true,
  });
  const id = sqlId(kinds.otherAssignment);
  const principal = sqlId(kinds.other, `i / ${each}`);
  const end = `now() + interval '1 day' + i % 5000000 * interval '1 second'`;
  await usher.run(`INSERT INTO "Assignment" (id, version, kind, "principalId", "roleId", "scopeId", "startsAt", "endsAt",
      status, "confirmedAt")
    SELECT ${id}, 2, CASE i % 2 WHEN 0 THEN 'eligible' ELSE 'active' END, ${principal}, '${role}',
      ${place(`i / ${each} * 7 + i % ${each}`)}, now(), ${end}, CASE i % 2 WHEN 0 THEN 'InForce' ELSE 'Active' END,
      CASE i % 2 WHEN 0 THEN NULL ELSE now() END
    FROM ${series(0, count)}`);
  await usher.run(`INSERT INTO "Deadline" (kind, "subjectId", "dueAt") SELECT 'end', ${id}, ${end}
    FROM ${series(0, count)}`);
  await usher.run(`INSERT INTO "DirectoryGrant" ("assignmentId", "principalId", "roleId", "scopeId", "grantedAt", "endsAt")
    SELECT id, "principalId", "roleId", "scopeId", now(), "endsAt" FROM "Assignment"
    WHERE kind = 'active' AND id BETWEEN '${idOf(kinds.otherAssignment, 0)}' AND '${idOf(kinds.otherAssignment, count)}'`);
}

/** One activation each, approved, granted and shown on two cards, that all end at the same instant. */
export async function addEnding(usher: Usher, round: number, count: number, dueAt: Date): Promise<void> {
  const id = sqlId(kinds.ending + round);
  const request = sqlId(kinds.ended + round);
  const ender = sqlId(kinds.ender);
  const decider = sqlId(kinds.approver, `i % ${places}`);
  const due = `'${dueAt.toISOString()}'::timestamptz`;
  await usher.run(`INSERT INTO "Request" (id, version, "principalId", "eligibilityId", "roleId", "scopeId",
      "durationMinutes", justification, "settingsVersion", "createdAt", status, "decidedBy", "decidedAt",
      "decisionJustification", "assignmentId")
    SELECT ${request}, 3, ${ender}, ${sqlId(kinds.eligible)}, '${role}', ${place('i')}, 60, 'Quarter end', 1, now(),
      'Provisioned', ${decider}, now(), 'Agreed', ${id} FROM ${series(0, count)}`);
  await usher.run(`INSERT INTO "Assignment" (id, version, kind, "principalId", "roleId", "scopeId", "eligibilityId",
      "requestId", "durationMinutes", "startsAt", "endsAt", status, "confirmedAt")
    SELECT ${id}, 2, 'active', ${ender}, '${role}', ${place('i')}, ${sqlId(kinds.eligible)}, ${request}, 60, now(), ${due},
      'Active', now() FROM ${series(0, count)}`);
  await usher.run(`INSERT INTO "DirectoryGrant" ("assignmentId", "principalId", "roleId", "scopeId", "grantedAt", "endsAt")
    SELECT ${id}, ${ender}, '${role}', ${place('i')}, now(), ${due} FROM ${series(0, count)}`);
  for (const [name, person, account] of [
    ['request', ender, sqlId(kinds.enderAccount)],
    ['approval', decider, sqlId(kinds.approverAccount, `i % ${places}`)],
  ] as const)
    await usher.run(`INSERT INTO "Card" (key, name, "subjectId", "recipientId", channel, shown, platform, address,
        "messageId")
      SELECT '${name}:' || ${request} || ':asked:' || ${person}, '${name}', ${request}, ${person}, 'chat', 1, 'teams',
        account.address, 'm' || i
      FROM ${series(0, count)} JOIN "ChatAccount" account ON account.id = ${account}`);
  await usher.run(`INSERT INTO "Deadline" (kind, "subjectId", "dueAt") SELECT 'end', ${id}, ${due}
    FROM ${series(0, count)}`);
}

/** How far the ends of a round have come; `ended` is counted only when nothing is on its way any more. */
export async function endsLeft(usher: Usher, dueAt: Date): Promise<boolean> {
  const [row] = await usher.rows(`SELECT
    EXISTS (SELECT FROM "Deadline" WHERE "dueAt" <= '${dueAt.toISOString()}'::timestamptz) OR
    EXISTS (SELECT FROM "Assignment" WHERE status IN ('Provisioning', 'Revoking')) AS left`);
  return row?.left === true;
}

/** Those of a round that are Ended, and those that the directory still grants. */
export async function endsOf(usher: Usher, round: number, count: number): Promise<{ ended: number; granted: number }> {
  const range = `BETWEEN '${idOf(kinds.ending + round, 0)}' AND '${idOf(kinds.ending + round, count)}'`;
  const [row] = await usher.rows(`SELECT
    (SELECT count(*) FROM "Assignment" WHERE id ${range} AND status = 'Ended') AS ended,
    (SELECT count(*) FROM "DirectoryGrant" WHERE "assignmentId" ${range}) AS granted`);
  return { ended: Number(row?.ended), granted: Number(row?.granted) };
}

/** Cards that still have to be posted or replaced, and assignments that still have to be brought to their state. */
export async function owed(usher: Usher): Promise<{ cards: number; assignments: number }> {
  const [row] = await usher.rows(`SELECT
    (SELECT count(*) FROM "Card" WHERE shown < wanted AND "failedAt" IS NULL) AS cards,
    (SELECT count(*) FROM "Assignment" WHERE status IN ('Provisioning', 'Revoking')) AS assignments`);
  return { cards: Number(row?.cards), assignments: Number(row?.assignments) };
}

/** Requests of these guests that wait, with who has to answer them. */
export async function pending(usher: Usher): Promise<{ requestId: string; aadObjectId: string }[]> {
  const rows =
    await usher.rows(`SELECT r.id, s.rules#>>'{approval,stages,0,approvers,personIds,0}' AS approver FROM "Request" r
    JOIN "RoleSettings" s ON s."roleId" = r."roleId" AND s."scopeId" = r."scopeId"
    WHERE r.status = 'PendingApproval' ORDER BY r.id`);
  return rows.map((row) => ({ requestId: String(row.id), aadObjectId: String(row.approver) }));
}

/** Who has asked, by their eligible assignment: their newest request, and who has to answer it. */
export async function asked(usher: Usher, eligibilityId: string): Promise<{ requestId: string; approver: string }> {
  const [row] =
    await usher.rows(`SELECT r.id, s.rules#>>'{approval,stages,0,approvers,personIds,0}' AS approver FROM "Request" r
    JOIN "RoleSettings" s ON s."roleId" = r."roleId" AND s."scopeId" = r."scopeId"
    WHERE r."eligibilityId" = '${eligibilityId}' AND r.status = 'PendingApproval'`);
  if (!row) throw new Error('a request is lost');
  return { requestId: String(row.id), approver: String(row.approver) };
}

/** Decisions on record, and how many requests they are about. */
export async function decisions(usher: Usher): Promise<{ entries: number; requests: number }> {
  const [row] = await usher.rows(`SELECT count(*) AS entries, count(DISTINCT "requestId") AS requests
    FROM "AuditEntry" WHERE action IN ('activation.approve', 'activation.deny')`);
  return { entries: Number(row?.entries), requests: Number(row?.requests) };
}

export async function counted(usher: Usher): Promise<{ requests: number; provisioned: number; granted: number }> {
  const [row] = await usher.rows(`SELECT count(*) AS requests,
    count(*) FILTER (WHERE r.status = 'Provisioned') AS provisioned,
    count(g."assignmentId") AS granted
    FROM "Request" r LEFT JOIN "DirectoryGrant" g ON g."assignmentId" = r."assignmentId"
    WHERE r."eligibilityId" IN (SELECT id FROM "Assignment" WHERE kind = 'eligible') AND r.justification = 'Measured'`);
  return { requests: Number(row?.requests), provisioned: Number(row?.provisioned), granted: Number(row?.granted) };
}
