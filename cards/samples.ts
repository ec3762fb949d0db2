import { mostCredentials } from '../src/domain/credential.ts';
import { textLimits } from '../src/domain/text-limits.ts';
import { pageSizes } from '../src/notifications/card-limits.ts';
import type {
  ActiveRow,
  ApprovalShown,
  CardData,
  CardName,
  CardOf,
  DirectAssignment,
  EligibleRole,
  ExpiredRow,
  HomeView,
  ItemResult,
  ListPage,
  RequestCard,
  RequestCardStatus,
  VoteShown,
  WaitingCard,
} from '../src/notifications/cards.ts';

/**
 * Data for every card: the shortest; the longest that people read; the heaviest, in characters that take most room; and
 * hostile text. Every test of a surface runs through all of them.
 */

/** How the free texts of one sample are made. */
interface Texts {
  /** A name or title, of a person, company, role or scope. */
  readonly name: (what: string) => string;
  /** A justification, message or reason. */
  readonly prose: (what: string) => string;
  readonly ticket: string;
  readonly email: string;
  /** What may be missing is. */
  readonly bare: boolean;
  /** Items on a page of a list. */
  readonly full: boolean;
}

const cut = (text: string, characters: number) => [...text].slice(0, characters).join('');
const fill = (text: string, characters: number) =>
  cut(text.repeat(Math.ceil(characters / [...text].length)), characters);

const longName = (what: string) =>
  fill(
    `${what} of the Northern European Shared Services Centre for Finance and Group Reporting, Copenhagen – `,
    100,
  ).trimEnd();
const longProse = (what: string) =>
  fill(
    `${what}: the auditors asked for last quarter’s expense reports, "as booked", & their receipts; nobody else can export them before Friday. `,
    textLimits.justification,
  ).trimEnd();

const hostileText =
  '**x** [a](http://x.example) <at>all</at> ${y} {{DATE(2020-01-01T00:00:00Z,SHORT)}} <script>alert(1)</script> &amp; `c` <!channel> <@U1>';
const hostileProse = `${hostileText}\nApproved by: Root\r\n- שלום مرحبا \u202Etxt.exe\u202C 👩🏽‍💻 zero\u200Bwidth \u2028 ${'W'.repeat(120)} _i_ ~s~ # h 1) "q" 'q' \\ %s {0} $\{a}`;

const texts = {
  shortest: {
    name: (what) => what.slice(0, 2),
    prose: () => 'ok',
    ticket: '1',
    email: 'a@b.co',
    bare: true,
    full: false,
  },
  longest: {
    name: longName,
    prose: longProse,
    ticket: fill('CHANGE-2026-000123456789-', textLimits.ticket),
    email: `${'first.middle.last-'.repeat(3)}office@${'subsidiary.'.repeat(4)}example.com`,
    bare: false,
    full: true,
  },
  heaviest: {
    name: () => '🗝'.repeat(100),
    prose: () => '🗝'.repeat(textLimits.justification),
    ticket: '🗝'.repeat(textLimits.ticket),
    email: `${'x'.repeat(64)}@${'y'.repeat(60)}.${'z'.repeat(60)}.example.com`,
    bare: false,
    full: true,
  },
  hostile: {
    name: (what) => cut(`${what} ${hostileText}`, 200),
    prose: () => hostileProse,
    ticket: '[T](http://x) <b> ${z} *1*',
    email: "o'hara&{{time(1)}}_*x*`@example.com",
    bare: false,
    full: false,
  },
} as const satisfies Record<string, Texts>;

const uuid = (digit: number) => `${digit}0000000-0000-4000-8000-00000000000${digit}`;
const when = (hour: number) => `Thu 5 Mar 2026, ${String(hour).padStart(2, '0')}:00 (Europe/Berlin)`;
const many = <T>(count: number, item: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => item(index));
const durations = many(48, (index) => ({
  title: `${Math.floor((index + 1) / 2)} hours ${((index + 1) % 2) * 30} minutes`,
  value: String((index + 1) * 30),
}));
const onePage: ListPage = { previousPage: null, nextPage: null, range: null };
const middlePage: ListPage = { previousPage: '1', nextPage: '3', range: '6–10 of 123' };

const voteOf = (t: Texts, index: number): VoteShown => ({
  by: t.name('Paul Approver'),
  insteadOf: t.bare ? null : t.name('Ada Away'),
  at: when(10 + index),
  stage: t.bare ? null : '1',
  justification: t.prose('Fine'),
  duration: t.bare ? null : '2 hours',
});

/** How far its approval is. */
const approvalOf = (t: Texts, pending: boolean): ApprovalShown => ({
  stage: pending && !t.bare ? '2' : null,
  stages: pending && !t.bare ? '3' : null,
  approvals: pending && !t.bare ? '1' : null,
  quorum: pending && !t.bare ? '2' : null,
  votes: t.bare ? [] : many(t.full ? 4 : 2, (index) => voteOf(t, index)),
  decidedFor: pending || t.bare ? null : t.name('Ada Away'),
  agreed: t.bare ? null : '2 hours',
  turn: pending ? 'now' : null,
  askedAs: pending && !t.bare ? 'manager-late' : null,
  insteadOf: pending && !t.bare ? t.name('Ada Away') : null,
  shorter: pending && !t.bare ? durations.slice(0, 7) : [],
  asked: '30',
});

/** What is known of a request in each of its states. */
function stateOf(status: RequestCardStatus, t: Texts) {
  const nothing = {
    waitsUntil: null,
    decidedBy: null,
    decidedAt: null,
    decisionJustification: null,
    until: null,
    closedAt: null,
    endReason: null,
    cancelReason: null,
  };
  const decided = {
    ...nothing,
    decidedBy: t.name('Bob Approver'),
    decidedAt: when(10),
    decisionJustification: t.prose('Fine'),
  };
  switch (status) {
    case 'confirming':
      return nothing;
    case 'pending':
      return { ...nothing, waitsUntil: when(21) };
    case 'scheduled':
      return { ...(t.bare ? nothing : decided), startsAt: when(20) };
    case 'provisioning':
      return t.bare ? nothing : decided;
    case 'granted':
      return { ...decided, until: when(18) };
    case 'active':
      return { ...(t.bare ? nothing : decided), until: when(18) };
    case 'revoking':
      return { ...decided, endReason: 'expired' as const };
    case 'ended':
      return { ...decided, closedAt: when(18), endReason: 'deactivated' as const };
    case 'denied':
      return decided;
    case 'canceled':
    case 'timed-out':
    case 'unconfirmed':
      return { ...nothing, closedAt: when(21) };
    case 'failed':
      return { ...decided, closedAt: when(11) };
    default:
      return status satisfies never;
  }
}

const requestOf = (status: RequestCardStatus, t: Texts, index = 1): RequestCard => ({
  requestId: uuid(index),
  reference: `0000000${index}`,
  status,
  asks: 'activation',
  asksUntil: null,
  latest: true,
  requester: t.name('Alice Guest'),
  guest: !t.bare,
  company: t.bare ? null : t.name('Contoso'),
  sponsor: t.bare ? null : t.name('Sam Sponsor'),
  role: t.name('Reader'),
  scope: t.name('Finance'),
  comesWith: t.full ? t.name('Reader (Finance)') : null,
  // Not together with everything else that takes most room: it would be a page of plans, each in the longest words.
  startsAt: t.full && t !== texts.heaviest ? when(20) : null,
  duration: t.full ? '1 day 23 hours 30 minutes' : '4 hours',
  justification: t.prose('Month-end closing'),
  ticket: t.bare ? null : t.ticket,
  requestedAt: when(9),
  ...stateOf(status, t),
});

/** What of it those are told who manage the role. */
function activatedOf(status: CardData['activated']['status'], t: Texts): CardData['activated'] {
  const { reference, requester, guest, company, role, scope, comesWith, justification, ticket, ...state } = requestOf(
    status,
    t,
  );
  const { decidedBy, until, closedAt, endReason } = state;
  const about = { reference, requester, guest, company, role, scope, comesWith, justification, ticket };
  return {
    ...about,
    ...{ decidedBy, until, closedAt, endReason },
    assignmentId: uuid(1),
    status,
    canRemove: status === 'active',
  };
}

/** One that waits for the reader, in a list. */
const waitingOf = (t: Texts, index: number): WaitingCard => {
  const { askedAs, insteadOf } = approvalOf(t, true);
  return { ...requestOf('pending', t, index), askedAs, insteadOf };
};

/** The same with how far its approval is. */
const decidedOf = (status: RequestCardStatus, t: Texts, index = 1): RequestCard & ApprovalShown => ({
  ...requestOf(status, t, index),
  ...approvalOf(t, status === 'pending'),
});

const resultOf = (t: Texts, index: number): ItemResult => ({
  reference: `0000000${index}`,
  text: t.prose('Approved. Reader at Finance for Alice Guest, 4 hours.'),
});

const activeOf = (t: Texts, index: number): ActiveRow => ({
  assignmentId: uuid(index),
  role: t.name('Reader'),
  scope: t.name('Finance'),
  status: 'active',
  until: when(18),
  left: '2 hours 10 minutes',
  canDeactivate: true,
  extend: 'offered',
});

const expiredOf = (t: Texts, index: number): ExpiredRow => ({
  assignmentId: uuid(index),
  kind: index % 2 ? 'eligible' : 'active',
  role: t.name('Reader'),
  scope: t.name('Finance'),
  endedAt: when(8),
  renewUntil: when(23),
  requested: false,
});

const eligibleRole = (t: Texts, index = 1): EligibleRole => ({
  assignmentId: uuid(index),
  role: t.name('Reader'),
  scope: t.name('Finance'),
  scopePath: t.bare ? t.name('Finance') : `/${t.name('Contoso group')}/${t.name('Finance')}/${t.name('rg-expenses')}`,
  comesWith: t.full ? t.name('Reader (Finance)') : null,
  opens: t.full ? t.name('Owner (Finance)') : null,
  until: t.bare ? null : when(23),
  state: 'available',
  activeUntil: null,
  // No more than are ever offered.
  durations: durations.slice(0, t.full ? 8 : 2),
  chosenDuration: '30',
  justification: t.bare ? '' : t.prose('Month-end closing'),
  justificationRequired: !t.bare,
  ticket: t.bare ? '' : t.ticket,
  ticketRequired: !t.bare,
  approvalRequired: !t.bare,
  extend: 'offered',
});

/** Everything of somebody's, with as much as the page takes. */
const overview = (t: Texts, view: HomeView): CardData['home'] => {
  const some = <T>(item: (index: number) => T): T[] => many(t.bare ? 0 : pageSizes[view], (index) => item(index + 1));
  return {
    view,
    notice: t.bare ? null : t.name('Deactivated'),
    results: t.bare ? [] : [resultOf(t, 1)],
    greeting: t.name('Carol Contoso'),
    organisation: t.name('Contoso'),
    active: some((index) => activeOf(t, index)),
    activeRange: t.bare ? null : '1–4 of 12',
    eligible: some((index) => eligibleRole(t, index)),
    eligibleRange: t.bare ? null : '1–4 of 13',
    expired: some((index) => expiredOf(t, index)).slice(0, pageSizes.expired),
    requests: some((index) => requestOf('pending', t, index)),
    requestsRange: t.bare ? null : '1–4 of 14',
    approver: !t.bare,
    waiting: some((index) => requestOf('pending', t, index)),
    waitingRange: t.bare ? null : '1–4 of 15',
    several: some((index) => ({ title: `1a2b3c4d ${t.name('Carol Contoso')}`, value: uuid(index) })),
    counts: t.bare ? null : { active: '12', waiting: '15', invited: '3' },
    mayInvite: !t.bare,
    mayAudit: !t.bare,
  };
};

const choices = (t: Texts, count: number) =>
  many(count, (index) => ({ title: cut(`${index} ${t.name('Reader')}`, 100), value: `/${index}/${'v'.repeat(140)}` }));

const settingsHead = (t: Texts) => ({
  roleId: t.bare ? 'r' : 'privilegedRoleAdministrator',
  scopeId: t.bare ? '/' : `/${'s'.repeat(t.full ? 800 : 40)}`,
  audience: t.bare ? 'everyone' : 'guests',
  basis: t.bare ? 'defaults' : 'e0.12 g3.4',
  role: t.name('Reader'),
  scope: t.name('Finance'),
  guests: !t.bare,
});

const settingsImpact = (t: Texts) => ({
  eligible: t.bare ? '0' : '1234',
  active: t.bare ? '0' : '987',
  reach: t.bare ? [] : many(3, (index) => `Stage ${index + 1} asks 12 people at present; 2 of them have to approve.`),
  warnings: t.bare ? [] : many(3, (index) => `Stage ${index + 1}: nobody could approve at present.`),
});

/** As long as a list of approvers or addresses may be. */
const namesList = (t: Texts, most: number) =>
  t.bare ? '1' : cut(t.full ? fill(t.prose('a@b.example, '), most) : t.name('Auditors'), most);

const settingsLines = <T>(t: Texts, line: (name: string, text: string) => T): T[] =>
  many(t.bare ? 1 : 31, (index) =>
    line(`Stage ${index}: approvers`, index % 3 === 0 ? namesList(t, t.full ? 150 : 40) : '8 hours'),
  );

const settingsFields = (t: Texts): CardData['settings-form']['fields'] =>
  many(t.bare ? 1 : 18, (index) => {
    const base = { id: `approval.stage${index}.approvers`, label: `Stage ${index}: approvers`, most: 300 };
    return index % 2 === 0
      ? { ...base, kind: 'choice', value: '30', choices: durations.slice(0, index === 0 ? 48 : 4), placeholder: '' }
      : { ...base, kind: 'text', value: namesList(t, 300), choices: [], placeholder: 'name@company.example' };
  });

const commands = (count: number, t: Texts): CardData['menu']['commands'] =>
  many(count, (index) => ({
    verb: ['roles', 'approvals', 'status', 'invite', 'audit', 'help'][index % 6] as string,
    title: ['My roles', 'Approvals', 'My access', 'Invite a guest', 'Audit record', 'Help'][index % 6] as string,
    usage: [
      'roles',
      'approvals',
      'status',
      'invite <email> [--role <role>] [--scope <scope>] [--for <duration>]',
      'audit',
      'help',
    ][index % 6] as string,
    summary: t.bare
      ? 'Do it.'
      : ([
          'Roles that you can activate',
          'Requests that wait for your decision',
          'What you hold and asked for',
          'Give somebody from outside access by e-mail',
          'What happened, and who did it',
          'All commands',
        ][index % 6] as string),
  }));

const direct = (t: Texts): Omit<DirectAssignment, 'status'> => ({
  assignmentId: uuid(1),
  role: t.name('Reader'),
  scope: t.name('Finance'),
  from: null,
  until: t.bare ? null : when(23),
  endedAt: null,
  removed: false,
  moving: t.bare ? null : { to: when(20) },
});

const entryOf = (t: Texts, index: number): CardData['story']['steps'][number] => ({
  sequence: String(1_000_000 + index),
  at: when(9),
  what: 'Activation approved',
  who: t.name('Bob Approver'),
  whom: t.bare ? null : t.name('Alice Guest'),
  reason: t.bare ? null : t.prose('Month-end closing'),
  failed: index === 1,
  surface: 'teams',
});

/** One sample of each card in the given kind of text. */
const sample = (t: Texts): CardData => {
  const page = t.full ? middlePage : onePage;
  const some = <T>(size: number, item: (index: number) => T) => (t.bare ? [] : many(t.full ? size : 2, item));
  return {
    approval: decidedOf('pending', t),
    request: { ...decidedOf('pending', t), assignmentId: null },
    invitation: {
      invitationId: uuid(1),
      status: 'pending',
      guest: t.name('Alice Guest'),
      email: t.email,
      company: t.bare ? null : t.name('Contoso'),
      role: t.bare ? null : t.name('Reader'),
      scope: t.bare ? null : t.name('Finance'),
      until: t.bare ? null : when(23),
      sentAt: when(9),
      closedAt: null,
      roleMailbox: !t.bare,
    },
    eligible: {
      assignmentId: uuid(1),
      role: t.name('Reader'),
      scope: t.name('Finance'),
      until: t.bare ? null : when(23),
      status: 'in-force',
      endedAt: null,
      redeemed: true,
      group: t.bare ? null : t.name('Auditors'),
      from: null,
      removed: false,
    },
    assignment: { ...direct(t), status: 'active', group: t.bare ? null : t.name('Auditors') },
    managed: {
      ...direct(t),
      status: 'active',
      reference: '00000001',
      principal: t.name('Alice Guest'),
      guest: !t.bare,
      ofGroup: !t.bare,
      canChange: true,
    },
    digest: {
      since: when(2),
      eligible: t.bare ? '0' : '1234',
      active: t.bare ? '0' : '123',
      activations: t.bare ? '0' : '12',
      waiting: t.bare ? '0' : '3',
      stuck: t.bare ? null : '1',
      unanswered: t.bare ? null : '2',
      undeliverable: t.bare ? null : '4',
      weekly: !t.bare,
    },
    'settings-changed': {
      ...settingsHead(t),
      by: t.bare ? null : t.name('Ada Administrator'),
      at: when(9),
      inherit: !t.bare,
      lines: settingsLines(t, (name, text) => ({ name, before: text, after: text })).slice(0, pageSizes.settingLines),
      more: t.bare ? null : '12',
    },
    quiet: {
      hours: t.bare ? null : '22:00-07:00',
      weekends: t.bare ? 'no' : 'yes',
      until: t.bare ? null : when(9),
      timeZone: t.bare ? 'UTC' : 'America/Argentina/ComodRivadavia',
      wanted: '22:00-07:00',
    },
    activated: activatedOf('active', t),
    ending: {
      assignmentId: uuid(1),
      kind: 'active',
      role: t.name('Reader'),
      scope: t.name('Finance'),
      until: when(18),
      ended: false,
      extended: false,
      direct: true,
      extend: 'offered',
    },
    expired: {
      assignmentId: uuid(1),
      kind: 'eligible',
      role: t.name('Reader'),
      scope: t.name('Finance'),
      endedAt: t.bare ? null : when(8),
      removed: false,
      renew: 'offered',
      renewUntil: t.bare ? null : when(23),
    },
    stuck: {
      assignmentId: uuid(1),
      reference: t.bare ? null : '00000001',
      principal: t.name('Alice Guest'),
      role: t.name('Reader'),
      scope: t.name('Finance'),
      what: 'revoke',
      resolved: false,
    },
    undeliverable: { recipient: t.name('Alice Guest'), about: 'approval', reason: t.prose('Blocked') },
    confirm: {
      purpose: t.bare ? 'activate' : 'decide',
      status: 'open',
      requestId: uuid(1),
      reference: '00000001',
      role: t.name('Reader'),
      scope: t.name('Finance'),
      duration: '4 hours',
      permanent: false,
      requester: t.bare ? null : t.name('Alice Guest'),
      principal: null,
      until: t.bare ? null : when(9),
      link: 'https://usher.example/step-up/1',
    },
    exceptional: {
      requestId: uuid(1),
      reference: '00000001',
      kind: t.bare ? 'elevation' : 'break-glass',
      status: t.bare ? 'provisioning' : 'ended',
      who: t.name('Ada Administrator'),
      guest: !t.bare,
      role: t.name('User Access Administrator'),
      scope: t.name('Finance'),
      justification: t.prose('Nobody else is there'),
      since: when(9),
      until: t.bare ? null : when(10),
      endedAt: t.bare ? null : when(10),
      endReason: t.bare ? null : 'removed',
      endedBy: t.bare ? null : t.name('Rita Root'),
      mayEnd: !t.bare,
    },
    'break-glass-review': {
      requestId: uuid(1),
      reference: '00000001',
      status: t.bare ? 'open' : 'answered',
      who: t.name('Ada Administrator'),
      guest: !t.bare,
      role: t.name('Owner'),
      scope: t.name('Finance'),
      justification: t.prose('Nobody else is there'),
      since: when(9),
      endedAt: t.bare ? null : when(10),
      endedBy: t.bare ? null : t.name('Rita Root'),
      justified: false,
      answeredBy: t.bare ? '' : t.name('Rita Root'),
      answeredAt: t.bare ? '' : when(11),
      comment: t.bare ? null : t.prose('It was no emergency'),
    },
    credential: {
      status: t.bare ? 'in-use' : 'reset',
      kind: t.bare ? 'passkey' : 'totp',
      since: when(1),
      closedAt: t.bare ? null : when(2),
      by: t.bare ? null : t.name('Ada Administrator'),
    },
    security: {
      credentials: t.bare
        ? []
        : many(t.full ? mostCredentials : 2, (index) => ({
            kind: index % 2 ? 'passkey' : 'totp',
            since: when(1),
            used: index % 2 ? when(2) : null,
          })),
      link: 'https://usher.example/enrol/1',
    },
    roles: {
      notice: t.bare ? null : t.name('Requested'),
      results: some(pageSizes.roles, (index) => ({ ...resultOf(t, index), text: t.name('Requested. 4 hours.') })),
      roles: some(pageSizes.roles, (index) => eligibleRole(t, index)),
      several: some(pageSizes.roles, (index) => ({ title: t.name('Reader (Finance)'), value: uuid(index) })),
      expired: some(pageSizes.roles, (index) => expiredOf(t, index)),
      page,
    },
    'activate-form': {
      ...eligibleRole(t),
      below: t.bare ? 'nothing' : 'few',
      places: t.bare ? [] : choices(t, t.full ? pageSizes.places : 2),
      chosenPlace: '',
      from: t.bare ? '' : 'tomorrow 9:00',
      problem: t.bare ? null : t.prose('Too long'),
    },
    'take-form': {
      kind: t.bare ? 'elevation' : 'break-glass',
      places: t.bare ? [] : choices(t, t.full ? pageSizes.choices : 2),
      chosenPlace: '',
      problem: t.bare ? null : t.prose('Too long'),
      durations: durations.slice(0, t.full ? 8 : 2),
      chosenDuration: '30',
      justification: t.bare ? '' : t.prose('Nobody else is there'),
    },
    'extend-form': {
      what: 'extend',
      assignmentId: uuid(1),
      kind: 'eligible',
      role: t.name('Reader'),
      scope: t.name('Finance'),
      holder: t.bare ? null : t.name('Alice Guest'),
      until: t.bare ? null : when(18),
      durations: durations.slice(0, t.full ? 8 : 2),
      chosenDuration: '30',
      justification: t.bare ? '' : t.prose('Month-end closing'),
      justificationRequired: true,
      direct: !t.bare,
      problem: t.bare ? null : t.prose('Too long'),
      view: 'status',
    },
    approvals: {
      notice: t.bare ? null : t.prose('Approved'),
      results: some(pageSizes.approvals, (index) => resultOf(t, index)),
      requests: some(pageSizes.approvals, (index) => waitingOf(t, index)),
      several: some(pageSizes.approvals, (index) => ({
        title: `1a2b3c4d ${t.name('Carol Contoso')}`,
        value: uuid(index),
      })),
      page,
    },
    status: {
      notice: t.bare ? null : t.prose('Deactivated'),
      active: some(pageSizes.status, (index) => activeOf(t, index)),
      expired: some(pageSizes.status, (index) => expiredOf(t, index)),
      requests: some(pageSizes.status, (index) => requestOf(index % 2 ? 'pending' : 'ended', t, index)),
      eligibleCount: t.bare ? '0' : '12',
      page,
    },
    home: overview(t, 'home'),
    audit: {
      entries: some(pageSizes.audit, (index) => ({
        sequence: String(1_000_000 + index),
        at: when(9),
        what: 'activation approved',
        who: t.name('Bob Approver'),
        whom: t.name('Alice Guest'),
        role: t.name('Reader'),
        scope: t.name('Finance'),
        reason: t.prose('Fine'),
        failed: index % 2 === 1,
        surface: 'teams',
      })),
      page,
    },
    resources: {
      filter: t.bare ? null : t.name('rg'),
      scopes: some(pageSizes.resources, (index) => ({
        scopeId: `/subscriptions/${index}`,
        kind:
          (['directory', 'management-group', 'subscription', 'resource-group', 'resource'] as const)[index % 5] ??
          'resource',
        indent: '\u2003'.repeat(index % 5),
        name: t.name('rg-expenses'),
        path: index === 0 ? null : [t.name('Contoso'), t.name('Finance')].join(' › '),
        eligible: '12',
        active: '3',
      })),
      page,
    },
    resource: {
      scopeId: '/subscriptions/finance',
      kind: 'subscription',
      name: t.name('Finance'),
      path: t.bare ? null : t.name('Contoso'),
      id: t.bare ? '/' : `/subscriptions/${t.name('finance')}`,
      owners: t.bare ? null : many(pageSizes.names, () => t.name('Olga Owner')).join(', '),
      moreOwners: t.bare ? null : '12',
      roles: some(pageSizes.resource, (index) => ({
        roleId: 'reader',
        role: t.name('Reader'),
        eligible: '12',
        active: '3',
        inherited: index === 0 ? null : '2',
        maximum: '23 hours 30 minutes',
        approval: index !== 0,
        setAt: index === 0 ? null : t.name('Contoso'),
      })),
      page,
    },
    role: {
      roleId: 'reader',
      scopeId: '/subscriptions/finance',
      kind: 'resource',
      role: t.name('Reader'),
      description: t.bare ? null : t.prose('Reads everything'),
      scope: t.name('Finance'),
      path: t.bare ? null : t.name('Contoso'),
      eligible: '12',
      active: '3',
      setAt: t.bare ? null : t.name('Contoso'),
      guestsSetAt: t.bare ? null : t.name('Finance'),
      maximum: '23 hours 30 minutes',
      justificationRequired: !t.bare,
      ticketRequired: !t.bare,
      stepUp: !t.bare,
      eligibleMaximum: t.bare ? null : '1 year',
      activeMaximum: t.bare ? null : '180 days',
      approval: !t.bare,
      approvers: t.bare ? null : many(pageSizes.names, () => t.name('Bob Approver')).join(', '),
      moreApprovers: t.bare ? null : '7',
    },
    members: {
      roleId: 'reader',
      scopeId: t.bare ? '' : '/subscriptions/finance',
      role: t.name('Reader'),
      scope: t.bare ? null : t.name('Finance'),
      kind: t.bare ? '' : 'eligible',
      guests: t.bare ? '' : 'yes',
      filter: t.bare ? '' : t.name('Alice'),
      members: some(pageSizes.members, (index) => ({
        name: t.name('Alice Guest'),
        guest: index % 2 === 0,
        group: index % 2 === 1,
        status: (['InForce', 'Active', 'Provisioning', 'Revoking'] as const)[index % 4] ?? 'Active',
        activated: index % 4 === 1,
        through: index % 4 === 2 ? t.name('Expense auditors') : null,
        at: t.name('Finance'),
        since: when(9),
        until: index === 3 ? null : when(18),
      })),
      page,
    },
    history: {
      whose: t.bare ? null : t.name('Alice Guest'),
      everybody: false,
      email: t.bare ? '' : t.email,
      role: t.bare ? '' : t.name('Reader'),
      scope: t.bare ? '' : t.name('Finance'),
      from: t.bare ? '' : '2026-03-01',
      to: t.bare ? '' : '2026-03-31',
      result: t.bare ? '' : 'success',
      action: t.bare ? '' : t.name('activation'),
      entries: some(pageSizes.audit, (index) => ({
        ...entryOf(t, index),
        role: t.name('Reader'),
        scope: t.name('Finance'),
        requestId: index % 2 === 0 ? uuid(1) : null,
      })),
      page,
    },
    story: {
      requestId: uuid(1),
      reference: '00000001',
      status: 'active',
      requester: t.name('Alice Guest'),
      role: t.name('Reader'),
      scope: t.name('Finance'),
      duration: '4 hours',
      ticket: t.bare ? null : t.ticket,
      steps: some(pageSizes.audit, (index) => entryOf(t, index)),
      page,
    },
    'audit-verified': {
      intact: t.bare,
      count: t.bare ? '0' : '1234567',
      sequence: t.bare ? null : '1234568',
      fault: t.bare ? null : 'changed',
      head: 'a3'.repeat(32),
    },
    menu: {
      greeting: `Hello ${t.name('Alice')}`,
      organisation: t.name('Contoso'),
      commands: commands(t.bare ? 1 : t.full ? 12 : 3, t),
    },
    help: {
      title: t.name('roles'),
      lines: t.bare ? ['roles'] : many(t.full ? 30 : 3, (index) => cut(`${index} ${t.prose('usage')}`, 200)),
    },
    delegation: {
      delegationId: uuid(1),
      status: t.bare ? 'ended' : 'in-force',
      yours: !t.bare,
      approver: t.name('Bob Approver'),
      standIn: t.name('Carla Colleague'),
      from: when(1),
      until: when(2),
      note: t.bare ? null : cut(t.prose('Call me if it is urgent'), textLimits.note),
      endedAt: t.bare ? when(3) : null,
      endReason: t.bare ? 'declined' : null,
    },
    'delegate-form': {
      problem: t.bare ? null : t.prose('Nobody is called that'),
      to: t.bare ? '' : t.email,
      from: '',
      until: t.bare ? '' : '14d',
      note: t.bare ? '' : cut(t.prose('Call me if it is urgent'), textLimits.note),
      standsInFor: t.bare
        ? []
        : many(t.full ? pageSizes.names : 2, () => ({ approver: t.name('Dora'), from: when(1), until: when(2) })),
      more: t.full ? '12' : null,
    },
    language: { chosen: false },
    answer: { title: t.name('Done'), text: t.prose('It is done') },
    refusal: {
      title: t.name('Not possible'),
      text: t.prose('You may not'),
      next: t.bare ? null : t.prose('Ask somebody'),
      command: t.bare ? null : { title: 'Show my roles', verb: 'roles' },
    },
    'invite-form': {
      problem: t.bare ? null : t.prose('Not an address'),
      email: t.bare ? '' : t.email,
      name: t.bare ? '' : t.name('Alice Guest'),
      company: t.bare ? '' : t.name('Contoso'),
      message: t.bare ? '' : t.prose('Welcome'),
      role: '',
      scope: '',
      kind: t.bare ? 'eligible' : 'active',
      duration: '',
      from: t.bare ? '' : 'tomorrow 9:00',
      justification: t.bare ? '' : t.prose('Month-end closing'),
      roles: t.bare ? [] : choices(t, t.full ? pageSizes.choices : 2),
      scopes: t.bare ? [] : choices(t, t.full ? pageSizes.choices : 2),
      durations: durations.slice(0, t.full ? 10 : 1),
    },
    'settings-pick': {
      problem: t.bare ? null : t.prose('No such role'),
      role: '',
      scope: '',
      guests: 'no',
      roles: t.bare ? [] : choices(t, t.full ? pageSizes.choices : 2),
      scopes: t.bare ? [] : choices(t, t.full ? pageSizes.choices : 2),
    },
    settings: {
      ...settingsHead(t),
      ...settingsImpact(t),
      notice: t.bare ? null : t.name('Saved'),
      source: t.bare ? 'defaults' : 'inherited',
      from: t.bare ? null : t.name('Contoso group'),
      fromEveryone: !t.bare,
      lines: settingsLines(t, (name, text) => ({ name, text })),
      usualNotifications: t.bare,
      mayManage: true,
    },
    'settings-form': {
      ...settingsHead(t),
      section: 'approval',
      title: 'Approval',
      problem: t.bare ? null : t.prose('Too short'),
      fields: settingsFields(t),
    },
    'settings-confirm': {
      ...settingsHead(t),
      ...settingsImpact(t),
      proposalId: uuid(9),
      inherit: !t.bare,
      lines: settingsLines(t, (name, text) => ({ name, before: text, after: text })).slice(0, 18),
    },
    'assign-form': {
      problem: t.bare ? null : t.prose('Nobody like that'),
      changing: null,
      assignmentId: '',
      principal: t.bare ? '' : t.email,
      role: '',
      scope: '',
      kind: 'eligible',
      duration: '',
      from: t.bare ? '' : '2026-12-01T09:00',
      justification: t.bare ? '' : t.prose('Audit'),
      roles: t.bare ? [] : choices(t, t.full ? pageSizes.choices : 2),
      scopes: t.bare ? [] : choices(t, t.full ? pageSizes.choices : 2),
      durations: durations.slice(0, t.full ? 10 : 1),
    },
    groups: {
      groups: some(pageSizes.groups, (index) => ({
        groupId: uuid(index),
        name: t.name('Auditors'),
        description: t.prose('Look into the books'),
        roleAssignable: index % 2 === 0,
        member: index % 2 === 0,
        owner: index % 2 === 1,
        manages: index % 2 === 1,
      })),
      page,
    },
    group: {
      groupId: uuid(1),
      name: t.name('Auditors'),
      description: t.bare ? '' : t.prose('Look into the books'),
      roleAssignable: !t.bare,
      manages: !t.bare,
      people: some(pageSizes.groupMembers, (index) => ({
        assignmentId: uuid(index),
        reference: '1a2b3c4d',
        who: t.name('Alice Guest'),
        owner: index % 2 === 1,
        standing: index % 2 === 0 ? 'eligible' : 'active',
        until: index % 2 === 0 ? when(23) : null,
      })),
      holds: some(pageSizes.groupMembers, () => ({
        role: t.name('Reader'),
        scope: t.name('Finance'),
        standing: 'active',
      })),
      more: t.full ? '3' : null,
      page,
    },
    link: { organisation: t.name('Contoso') },
    'link-code': { problem: t.bare ? null : t.prose('Wrong'), email: t.email },
    'mail-invitation': {
      organisation: t.name('Contoso'),
      inviter: t.name('Sam Sponsor'),
      guest: t.name('Alice Guest'),
      message: t.bare ? null : t.prose('Welcome'),
      role: t.bare ? null : t.name('Reader'),
      scope: t.bare ? null : t.name('Finance'),
      link: `https://usher.example/redeem/${uuid(1)}.1.${'Ab-_'.repeat(10)}?a=1&b="2"`,
    },
    'mail-code': {
      organisation: t.name('Contoso'),
      code: '01234567',
      minutes: '30',
      purpose: t.bare ? 'redeem' : 'link',
    },
  };
};

const bySize = {
  shortest: sample(texts.shortest),
  longest: sample(texts.longest),
  heaviest: sample(texts.heaviest),
  hostile: sample(texts.hostile),
};

/** Plain, believable texts for the samples of single states. */
const typical: Texts = {
  name: (what) => what,
  prose: (what) => `${what}, for the auditors.`,
  ticket: 'INC-1234',
  email: 'alice@contoso.example',
  bare: false,
  full: false,
};
const usual = sample(typical);

const statuses: readonly RequestCardStatus[] = [
  'pending',
  'scheduled',
  'provisioning',
  'active',
  'granted',
  'revoking',
  'ended',
  'denied',
  'canceled',
  'timed-out',
  'failed',
];
const byStatus = (withAssignment: boolean) =>
  Object.fromEntries(
    statuses.flatMap((status) => {
      const request = { ...decidedOf(status, typical), ...(withAssignment ? { assignmentId: uuid(2) } : {}) };
      const undecided = { ...request, decidedBy: null, decidedAt: null, decisionJustification: null };
      return [
        [status, request],
        [`${status} hostile`, { ...request, ...decidedOf(status, texts.hostile) }],
        [`${status} extension`, { ...request, asks: 'extension', asksUntil: when(20) }],
        [`${status} renewal`, { ...request, asks: 'renewal' }],
        [`${status} older`, { ...request, latest: false }],
        ...(status === 'provisioning' || status === 'active' ? [[`${status} undecided`, undecided]] : []),
      ];
    }),
  );

const more: { readonly [Name in CardName]?: Readonly<Record<string, CardData[Name]>> } = {
  approval: {
    ...(byStatus(false) as Record<string, CardData['approval']>),
    ...Object.fromEntries(
      (['backup-late', 'backup-unreached', 'backup-needed', 'manager-unreached', 'manager-needed'] as const).map(
        (askedAs) => [askedAs, { ...decidedOf('pending', typical), askedAs, insteadOf: null }],
      ),
    ),
    'others decide': { ...decidedOf('pending', typical), turn: 'not', askedAs: null, insteadOf: null, shorter: [] },
  },
  request: byStatus(true) as Record<string, CardData['request']>,
  invitation: {
    accepted: { ...usual.invitation, status: 'accepted', closedAt: when(11) },
    declined: { ...usual.invitation, status: 'declined', closedAt: when(11) },
    revoked: { ...usual.invitation, status: 'revoked', closedAt: when(11) },
    'no end': { ...usual.invitation, until: null, roleMailbox: false },
  },
  eligible: {
    'not redeemed': { ...usual.eligible, redeemed: false },
    ended: { ...usual.eligible, status: 'ended', endedAt: when(12) },
  },
  ending: {
    eligible: { ...usual.ending, kind: 'eligible' },
    activation: { ...usual.ending, direct: false, extend: null },
    requested: { ...usual.ending, extend: 'requested' },
    'under way': { ...usual.ending, extend: 'under-way' },
    extended: { ...usual.ending, extended: true, extend: null },
    'extended for ever': { ...usual.ending, extended: true, extend: null, until: null },
    'activation ended': { ...usual.ending, ended: true, direct: false, extend: null },
    'active ended': { ...usual.ending, ended: true },
    'eligible ended': { ...usual.ending, kind: 'eligible', ended: true },
  },
  assignment: {
    scheduled: { ...usual.assignment, status: 'scheduled', from: when(9) },
    provisioning: { ...usual.assignment, status: 'provisioning' },
    revoking: { ...usual.assignment, status: 'revoking', removed: true },
    ended: { ...usual.assignment, status: 'ended', endedAt: when(10), removed: true },
    failed: { ...usual.assignment, status: 'failed' },
    'losing its end': { ...usual.assignment, status: 'active', moving: { to: null } },
  },
  'assign-form': {
    changing: {
      ...usual['assign-form'],
      principal: '',
      changing: { principal: 'Alice Guest', role: 'Reader', scope: 'Finance' },
      assignmentId: uuid(1),
      roles: [],
      scopes: [],
    },
  },
  managed: {
    eligible: { ...usual.managed, status: 'eligible', from: when(9) },
    scheduled: { ...usual.managed, status: 'scheduled', from: when(9) },
    revoking: { ...usual.managed, status: 'revoking', canChange: false },
    ended: { ...usual.managed, status: 'ended', canChange: false, endedAt: when(10), removed: true },
    failed: { ...usual.managed, status: 'failed', canChange: false },
    'losing its end': { ...usual.managed, canChange: false, moving: { to: null } },
  },
  activated: {
    ended: activatedOf('ended', typical),
    revoking: activatedOf('revoking', typical),
    removed: { ...activatedOf('ended', typical), endReason: 'removed' },
  },
  expired: {
    requested: { ...usual.expired, renew: 'requested' },
    renewed: { ...usual.expired, renew: 'renewed', renewUntil: null },
    removed: { ...usual.expired, kind: 'active', removed: true, renew: null, renewUntil: null },
  },
  'extend-form': {
    typical: { ...usual['extend-form'], holder: null, direct: false, problem: null },
    renewal: { ...usual['extend-form'], what: 'renew', kind: 'active', problem: null },
  },
  stuck: {
    extend: { ...usual.stuck, what: 'extend' },
    'revoke resolved': { ...usual.stuck, resolved: true },
    grant: { ...usual.stuck, what: 'grant' },
    'grant resolved': { ...usual.stuck, what: 'grant', resolved: true },
  },
  roles: {
    'each state': {
      notice: null,
      results: [],
      several: [],
      roles: [
        eligibleRole(typical, 1),
        { ...eligibleRole(typical, 2), role: 'Contributor', state: 'pending' },
        { ...eligibleRole(typical, 3), role: 'Owner', state: 'active', activeUntil: when(18) },
        { ...eligibleRole(typical, 4), role: 'Billing Reader', state: 'not-started' },
        {
          ...eligibleRole(typical, 5),
          role: 'User Administrator',
          scope: '/',
          scopePath: '/',
          approvalRequired: false,
        },
      ],
      expired: [expiredOf(typical, 1), { ...expiredOf(typical, 2), requested: true }],
      page: { previousPage: null, nextPage: '2', range: '1–5 of 12' },
    },
  },
  'activate-form': {
    typical: usual['activate-form'],
    'typed place': { ...usual['activate-form'], below: 'many', places: [], chosenPlace: 'receipts' },
    'active already': { ...usual['activate-form'], problem: null, state: 'active', activeUntil: when(18) },
  },
  approvals: { typical: { ...usual.approvals, notice: 'Approved: Reader for Carol.' } },
  status: {
    'each state': {
      ...usual.status,
      notice: null,
      active: (['active', 'provisioning', 'revoking'] as const).map((status, index) => ({
        assignmentId: uuid(index),
        role: 'Reader',
        scope: 'Finance',
        status,
        until: status === 'active' ? when(18) : null,
        left: status === 'active' ? '2 hours 10 minutes' : null,
        canDeactivate: status === 'active',
        extend: (['offered', 'requested', 'under-way'] as const)[index] ?? null,
      })),
      requests: [requestOf('pending', typical), requestOf('denied', typical, 2), requestOf('unconfirmed', typical, 3)],
    },
  },
  home: { typical: overview(typical, 'home-page'), 'longest page': overview(texts.longest, 'home-page') },
  audit: { typical: usual.audit },
  'audit-verified': {
    intact: { ...usual['audit-verified'], intact: true, sequence: null, fault: null },
    missing: { ...usual['audit-verified'], fault: 'missing' },
  },
  menu: { typical: { ...usual.menu, commands: commands(6, typical) } },
  help: {
    typical: {
      title: 'activate',
      lines: [
        'activate <role> [--scope <scope>] [--for <duration>]',
        '',
        'Example: activate Reader --scope Finance --for 4h',
      ],
    },
  },
  delegation: {
    'asked to stand in': { ...usual.delegation, yours: false },
    'for later': { ...usual.delegation, status: 'scheduled' },
    'stopped by them': { ...usual.delegation, yours: false, status: 'ended', endedAt: when(9), endReason: 'stopped' },
  },
  language: { chosen: { chosen: true } },
  quiet: { weekdays: { ...usual.quiet, weekends: 'no', until: null } },
  answer: { typical: { title: 'Invitation sent', text: 'Alice Guest gets an e-mail with a link now.' } },
  refusal: {
    typical: {
      title: 'You can’t approve this',
      text: 'You asked for this access yourself, so somebody else has to decide.',
      next: 'Wait for another approver, or cancel the request.',
      command: { title: 'Show my access', verb: 'status' },
    },
  },
  'invite-form': { typical: { ...usual['invite-form'], problem: null, role: '/0/v', email: 'alice@contoso.example' } },
  'link-code': {
    'second try': { problem: 'That code is wrong. You have 4 tries left.', email: 'alice@contoso.example' },
  },
  confirm: {
    take: { ...usual.confirm, purpose: 'take' },
    late: {
      purpose: 'activate',
      status: 'late',
      requestId: uuid(1),
      reference: '00000001',
      role: 'Reader',
      scope: 'finance',
      duration: '4 hours',
      permanent: false,
      principal: null,
      requester: null,
      until: null,
      link: null,
    },
    giving: {
      ...usual.confirm,
      purpose: 'administer',
      reference: null,
      duration: null,
      permanent: true,
      requester: null,
      principal: 'Alice Guest',
    },
  },
  exceptional: {
    active: {
      ...usual.exceptional,
      kind: 'elevation',
      status: 'active',
      endedAt: null,
      endReason: null,
      endedBy: null,
    },
    ending: { ...usual.exceptional, status: 'revoking', endReason: 'deactivated' },
    failed: { ...usual.exceptional, status: 'failed', endReason: null },
    'break-glass': {
      ...usual.exceptional,
      status: 'active',
      mayEnd: true,
      endedAt: null,
      endReason: null,
      endedBy: null,
    },
  },
  'break-glass-review': {
    open: { ...usual['break-glass-review'], status: 'open', answeredBy: '', answeredAt: '', comment: null },
    justified: { ...usual['break-glass-review'], justified: true, comment: null },
  },
  credential: {
    'in use': { status: 'in-use', kind: 'passkey', since: when(9), closedAt: null, by: null },
    removed: { status: 'removed', kind: 'totp', since: when(9), closedAt: when(10), by: null },
  },
  'mail-invitation': { typical: usual['mail-invitation'] },
  'mail-code': { typical: usual['mail-code'] },
};

export interface CardSample {
  /** The kind of text, or the state that it shows. */
  readonly name: string;
  readonly of: CardOf;
}

/** Every sample of every card. */
export const samples: readonly CardSample[] = (Object.keys(usual) as CardName[]).flatMap((card) => [
  ...Object.entries(bySize).map(([name, data]) => ({
    name,
    of: { card, data: data[card] } as CardOf,
  })),
  ...Object.entries(more[card] ?? {}).map(([name, data]) => ({ name, of: { card, data } as CardOf })),
]);
