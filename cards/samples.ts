import { textLimits } from '../src/domain/text-limits.ts';
import { pageSizes } from '../src/notifications/card-limits.ts';
import type {
  CardData,
  CardName,
  CardOf,
  EligibleRole,
  ListPage,
  RequestCard,
  RequestCardStatus,
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
  };
  const decided = {
    ...nothing,
    decidedBy: t.name('Bob Approver'),
    decidedAt: when(10),
    decisionJustification: t.prose('Fine'),
  };
  switch (status) {
    case 'pending':
      return { ...nothing, waitsUntil: when(21) };
    case 'provisioning':
      return t.bare ? nothing : decided;
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
  latest: true,
  requester: t.name('Alice Guest'),
  guest: !t.bare,
  company: t.bare ? null : t.name('Contoso'),
  sponsor: t.bare ? null : t.name('Sam Sponsor'),
  role: t.name('Reader'),
  scope: t.name('Finance'),
  duration: t.full ? '1 day 23 hours 30 minutes' : '4 hours',
  justification: t.prose('Month-end closing'),
  ticket: t.bare ? null : t.ticket,
  requestedAt: when(9),
  ...stateOf(status, t),
});

const eligibleRole = (t: Texts, index = 1): EligibleRole => ({
  assignmentId: uuid(index),
  role: t.name('Reader'),
  scope: t.name('Finance'),
  scopePath: t.bare ? t.name('Finance') : `/${t.name('Contoso group')}/${t.name('Finance')}/${t.name('rg-expenses')}`,
  until: t.bare ? null : when(23),
  state: 'available',
  activeUntil: null,
  durations: t.full ? durations : durations.slice(0, 2),
  chosenDuration: '30',
  justification: t.bare ? '' : t.prose('Month-end closing'),
  justificationRequired: !t.bare,
  ticket: t.bare ? '' : t.ticket,
  ticketRequired: !t.bare,
  approvalRequired: !t.bare,
});

const choices = (t: Texts, count: number) =>
  many(count, (index) => ({ title: cut(`${index} ${t.name('Reader')}`, 100), value: `/${index}/${'v'.repeat(140)}` }));

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

/** One sample of each card in the given kind of text. */
const sample = (t: Texts): CardData => {
  const page = t.full ? middlePage : onePage;
  const some = <T>(size: number, item: (index: number) => T) => (t.bare ? [] : many(t.full ? size : 2, item));
  return {
    approval: requestOf('pending', t),
    request: { ...requestOf('pending', t), assignmentId: null },
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
    },
    ending: {
      assignmentId: uuid(1),
      kind: 'active',
      role: t.name('Reader'),
      scope: t.name('Finance'),
      until: when(18),
      ended: false,
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
    roles: { roles: some(pageSizes.roles, (index) => eligibleRole(t, index)), page },
    'activate-form': { ...eligibleRole(t), problem: t.bare ? null : t.prose('Too long') },
    approvals: {
      notice: t.bare ? null : t.prose('Approved'),
      requests: some(pageSizes.approvals, (index) => requestOf('pending', t, index)),
      page,
    },
    status: {
      notice: t.bare ? null : t.prose('Deactivated'),
      active: some(pageSizes.status, (index) => ({
        assignmentId: uuid(index),
        role: t.name('Reader'),
        scope: t.name('Finance'),
        status: 'active',
        until: when(18),
        canDeactivate: true,
      })),
      requests: some(pageSizes.status, (index) => requestOf(index % 2 ? 'pending' : 'ended', t, index)),
      eligibleCount: t.bare ? '0' : '12',
      page,
    },
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
      duration: '',
      roles: t.bare ? [] : choices(t, t.full ? pageSizes.choices : 2),
      scopes: t.bare ? [] : choices(t, t.full ? pageSizes.choices : 2),
      durations: durations.slice(0, t.full ? 10 : 1),
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
  'provisioning',
  'active',
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
      const request = { ...requestOf(status, typical), ...(withAssignment ? { assignmentId: uuid(2) } : {}) };
      const undecided = { ...request, decidedBy: null, decidedAt: null, decisionJustification: null };
      return [
        [status, request],
        [`${status} hostile`, { ...request, ...requestOf(status, texts.hostile) }],
        [`${status} older`, { ...request, latest: false }],
        ...(status === 'provisioning' || status === 'active' ? [[`${status} undecided`, undecided]] : []),
      ];
    }),
  );

const more: { readonly [Name in CardName]?: Readonly<Record<string, CardData[Name]>> } = {
  approval: byStatus(false) as Record<string, CardData['approval']>,
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
    'active ended': { ...usual.ending, ended: true },
    'eligible ended': { ...usual.ending, kind: 'eligible', ended: true },
  },
  stuck: {
    'revoke resolved': { ...usual.stuck, resolved: true },
    grant: { ...usual.stuck, what: 'grant' },
    'grant resolved': { ...usual.stuck, what: 'grant', resolved: true },
  },
  roles: {
    'each state': {
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
      page: { previousPage: null, nextPage: '2', range: '1–5 of 12' },
    },
  },
  'activate-form': {
    typical: usual['activate-form'],
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
        canDeactivate: status === 'active',
      })),
      requests: [requestOf('pending', typical), requestOf('denied', typical, 2)],
    },
  },
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
