import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api';
import { RetryLater } from '../surface.ts';
import { NotInstalled } from './installations.ts';

/** What Slack's fault means for a message or a view. */
export type Meaning =
  | { readonly later: RetryLater }
  /** Not by waiting; `because` of the place or person, or of the app's own standing in the workspace. */
  | { readonly never: string; readonly because: 'place' | 'installation' };

/** Slack's own trouble, which passes (https://docs.slack.dev/reference/methods/chat.postMessage, "Errors"). */
const passing = new Set([
  'ratelimited',
  'rate_limited',
  'message_limit_exceeded',
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'team_added_to_org',
  'external_channel_migrating',
  'hash_conflict',
]);

/** The person or the message is not there (any more), or may not be written to. */
const ofPlace = new Set([
  'channel_not_found',
  'user_not_found',
  'users_not_found',
  'user_disabled',
  'user_not_visible',
  'not_in_channel',
  'is_archived',
  'cannot_dm_bot',
  'messages_tab_disabled',
  'not_enabled',
  'restricted_action',
  'message_not_found',
  'cant_update_message',
  'edit_window_closed',
  'not_found',
]);

/** The app may not speak in the workspace at present: nothing is wrong with whoever was to hear it. */
const ofInstallation = new Set([
  'account_inactive',
  'invalid_auth',
  'not_authed',
  'token_revoked',
  'token_expired',
  'missing_scope',
  'no_permission',
  'access_denied',
  'team_access_not_granted',
  'org_login_required',
]);

/**
 * Faults that pass (429, 5xx, a network that fails, Slack's internal errors) are tried again later, not before the time
 * that Slack names; a refusal is for good. Anything else, such as a block that Slack does not take, is a bug of ours, and
 * thrown as it is.
 */
export function meaningOf(error: unknown): Meaning {
  if (error instanceof NotInstalled) return { never: 'app_uninstalled', because: 'installation' };
  if (error instanceof WebAPIRateLimitedError)
    return { later: new RetryLater('Slack answers 429', error.retryAfter * 1000, { cause: error }) };
  if (error instanceof WebAPIRequestError)
    return { later: new RetryLater('Slack is not reached', null, { cause: error }) };
  if (error instanceof WebAPIHTTPError && error.statusCode >= 500)
    return { later: new RetryLater(`Slack answers ${error.statusCode}`, null, { cause: error }) };
  if (error instanceof WebAPIPlatformError) {
    const { error: code } = error.data;
    if (passing.has(code)) return { later: new RetryLater(`Slack answers ${code}`, null, { cause: error }) };
    if (ofPlace.has(code)) return { never: code, because: 'place' };
    if (ofInstallation.has(code)) return { never: code, because: 'installation' };
  }
  throw error;
}

/** Slack's own code of a refusal. */
export const codeOf = (error: unknown): string | null =>
  error instanceof WebAPIPlatformError ? error.data.error : null;
