import { RetryLater } from '../surface.ts';

interface ConnectorFault {
  readonly statusCode?: number;
  readonly code?: string;
  readonly message?: string;
  readonly response?: {
    readonly headers?: { get?(name: string): string | null | undefined };
    readonly bodyAsText?: string;
  };
}

/** What the Bot Connector's fault means for a message. */
export type Meaning = { readonly later: RetryLater } | { readonly never: string };

/** Retry-After in seconds or as a date (RFC 9110), as milliseconds from `now`. */
export function retryAfterMs(header: string | null | undefined, now: number): number | null {
  if (!header) return null;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}

/**
 * Faults that pass (412, 429, 5xx, a network that fails) are tried again later; a refusal (403 such as
 * MessageWritesBlocked, 404) is for good. Anything else is a bug of ours, and thrown as it is.
 */
export function meaningOf(error: unknown, now: number): Meaning {
  const fault = (error ?? {}) as ConnectorFault;
  const status = fault.statusCode;
  if (status === 403 || status === 404) {
    const blocked = `${fault.message ?? ''} ${fault.response?.bodyAsText ?? ''}`.includes('MessageWritesBlocked');
    return { never: blocked ? 'MessageWritesBlocked' : `status ${status}` };
  }
  // Node and the client name a network's faults by a code, such as ECONNRESET or REQUEST_SEND_ERROR.
  const network = status === undefined && typeof fault.code === 'string';
  if (network || status === 401 || status === 412 || status === 429 || (status ?? 0) >= 500) {
    const afterMs = retryAfterMs(fault.response?.headers?.get?.('retry-after'), now);
    return { later: new RetryLater(`Teams answers ${status ?? fault.code ?? 'nothing'}`, afterMs, { cause: error }) };
  }
  throw error;
}
