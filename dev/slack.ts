import { randomBytes } from 'node:crypto';
import type { SlackSettings } from '../src/surfaces/slack/slack-surface.ts';
import type { ChatLink } from '../src/surfaces/web/start-page.ts';
import { personas, secondApprover } from './demo-organisation.ts';
import { freePort } from './playgrounds.ts';
import { servePage } from './slack-workspace/page/serve.ts';
import { startSlackWorkspace } from './slack-workspace/workspace.ts';

export interface LocalSlack {
  readonly links: readonly ChatLink[];
  /** With which Usher takes it for Slack. */
  readonly settings: SlackSettings;
  stop(): Promise<void>;
}

const preferredPort = 56153;
const [guest, approver, administrator] = personas;

/** The guest is one in Slack, too; the outsider is somebody of another organisation in a shared channel. */
const users = [
  { id: 'U_ADMIN', name: 'ada', realName: administrator.displayName, email: administrator.email, admin: true },
  { id: 'U_APPROVER', name: 'paul', realName: approver.displayName, email: approver.email },
  { id: 'U_APPROVER2', name: 'nora', realName: secondApprover.displayName, email: secondApprover.email },
  { id: 'U_GUEST', name: 'gia', realName: guest.displayName, email: guest.email, restricted: true },
  { id: 'U_OUTSIDER', name: 'otto', realName: 'Otto Outsider', email: 'otto@elsewhere.example', teamId: 'T_ELSEWHERE' },
];

/** A Slack of this machine's own, with the demo's people in it, that speaks to the Usher at `url` and to nobody else. */
export async function startLocalSlack(url: string): Promise<LocalSlack> {
  const secret = (prefix: string) => `${prefix}${randomBytes(16).toString('hex')}`;
  const [signingSecret, botToken] = [secret(''), secret('xoxb-')];
  const workspace = await startSlackWorkspace({
    port: await freePort(preferredPort),
    signingSecret,
    botToken,
    team: { id: 'T_CONTOSO', name: 'Contoso' },
    users,
    channels: [
      { id: 'C_GENERAL', name: 'general' },
      { id: 'C_SHARED', name: 'with-elsewhere', shared: true },
    ],
    shortcuts: [{ callbackId: 'request-access', name: 'Request access' }],
    page: servePage,
  });
  workspace.deliverTo(`${url}/slack/events`);
  return {
    links: [{ name: 'Slack (everybody)', url: `${workspace.origin}/?user=U_ADMIN` }],
    settings: { signingSecret, botToken, appToken: null, apiUrl: workspace.apiUrl, installing: null },
    stop: workspace.stop,
  };
}
