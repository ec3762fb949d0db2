import { createHmac, randomBytes } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Delivery, DeliveryKind, Json, Posted, SignedRequest, Signing } from './contract.ts';
import type { EnvelopeType, SocketMode } from './socket-mode.ts';
import type { Traffic } from './traffic.ts';
import type { Troubles } from './troubles.ts';

const formType = 'application/x-www-form-urlencoded';
/** A retry that is due later than this is nothing that a test waits for. */
const soonMs = 1_000;

/** What the app answered to something that a person did, or the error that the person is shown. */
export type Acknowledged =
  | { readonly ok: true; readonly body: unknown }
  | { readonly ok: false; readonly error: string };

type Outcome =
  | { readonly ok: true; readonly body: unknown }
  | { readonly ok: false; readonly error: string; readonly reason: string; readonly retry: boolean };

/** `x-slack-signature`. */
export const sign = (secret: string, timestamp: number | string, body: string): string =>
  `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`;

/** Sends a request as it stands, again if need be. */
export const post = ({ url, headers, body }: SignedRequest, signal?: AbortSignal): Promise<Posted> =>
  new Promise((resolve, reject) => {
    const length = String(Buffer.byteLength(body));
    const request = httpRequest(
      url,
      {
        method: 'POST',
        agent: false,
        headers: { ...headers, 'content-length': length },
        ...(signal ? { signal } : {}),
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString('utf8'),
          }),
        );
      },
    );
    request.on('error', reject);
    request.end(body);
  });

const parsed = (body: string): unknown => {
  if (body.trim() === '') return null;
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
};

const timedOut: Outcome = { ok: false, error: 'operation_timeout', reason: 'http_timeout', retry: true };

/** Speaks to the app: signed, three seconds for an answer, events again when there is none. */
export function createDeliverer(parts: {
  readonly signingSecret: string;
  readonly socket: SocketMode;
  readonly troubles: Troubles;
  readonly traffic: Traffic;
  readonly ackWithinMs: number;
  readonly retryDelaysMs: readonly number[];
}) {
  const { signingSecret, socket, troubles, traffic, ackWithinMs, retryDelaysMs } = parts;
  const deliveries: Delivery[] = [];
  const stopped = new AbortController();
  let urls: readonly string[] = [];
  let turn = 0;
  let last: SignedRequest | null = null;
  /** Those that are held back until the next delivery is through. */
  const held: (() => void)[] = [];

  const signed = (body: string, { contentType, timestamp, secret }: Signing = {}): SignedRequest => {
    const url = urls[turn++ % urls.length];
    if (!url) throw new Error('the workspace does not know where the app is: deliverTo()');
    const at = timestamp ?? Math.floor(Date.now() / 1000);
    return {
      url,
      headers: {
        'content-type': contentType ?? (body.startsWith('{') ? 'application/json' : formType),
        'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
        'x-slack-request-timestamp': String(at),
        'x-slack-signature': sign(secret ?? signingSecret, at, body),
      },
      body,
    };
  };

  async function overHttp(kind: DeliveryKind, delivery: Delivery, request: SignedRequest): Promise<Outcome> {
    const began = performance.now();
    try {
      const { status, headers, body } = await post(request, stopped.signal);
      delivery.status = status;
      delivery.ackMs = performance.now() - began;
      const retry = headers['x-slack-no-retry'] !== '1';
      if (kind === 'event' ? status >= 200 && status < 300 : status === 200) return { ok: true, body: parsed(body) };
      const error = status >= 500 ? 'http_service_error' : 'http_client_error';
      return { ok: false, error, reason: 'http_error', retry };
    } catch {
      return { ok: false, error: 'dispatch_failed', reason: 'connection_failed', retry: true };
    }
  }

  async function overSocket(delivery: Delivery, type: EnvelopeType, retry: Json): Promise<Outcome> {
    const began = performance.now();
    try {
      const payload = await socket.deliver(type, delivery.payload, retry);
      delivery.status = 200;
      delivery.ackMs = performance.now() - began;
      const empty = payload === undefined || (typeof payload === 'object' && Object.keys(payload ?? {}).length === 0);
      return { ok: true, body: empty ? null : payload };
    } catch {
      return { ok: false, error: 'dispatch_failed', reason: 'connection_failed', retry: true };
    }
  }

  const bodyOf = (kind: DeliveryKind, payload: Json): string => {
    if (kind === 'event') return JSON.stringify(payload);
    if (kind === 'command') return new URLSearchParams(payload as Record<string, string>).toString();
    return new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  };
  const envelopeOf = (kind: DeliveryKind): EnvelopeType =>
    kind === 'event' ? 'events_api' : kind === 'command' ? 'slash_commands' : 'interactive';

  function sendOnce(kind: DeliveryKind, payload: Json, attempt: number, reason: string | null): Promise<Outcome> {
    const record = (request: SignedRequest | null) => {
      const delivery: Delivery = {
        kind,
        payload,
        at: new Date(),
        attempt,
        request,
        status: null,
        ackMs: null,
        late: false,
      };
      deliveries.push(delivery);
      return delivery;
    };
    let delivery: Delivery;
    let sending: Promise<Outcome>;
    if (socket.isConnected()) {
      delivery = record(null);
      const retry = attempt > 1 ? { retry_attempt: attempt - 1, retry_reason: reason ?? 'timeout' } : {};
      sending = overSocket(delivery, envelopeOf(kind), retry);
    } else if (urls.length > 0) {
      const plain = signed(bodyOf(kind, payload));
      const retry: Record<string, string> =
        attempt > 1 ? { 'x-slack-retry-num': String(attempt - 1), 'x-slack-retry-reason': reason ?? '' } : {};
      const request = { ...plain, headers: { ...plain.headers, ...retry } };
      last = request;
      delivery = record(request);
      sending = overHttp(kind, delivery, request);
    } else {
      record(null);
      return Promise.resolve({ ok: false, error: 'dispatch_failed', reason: 'connection_failed', retry: true });
    }
    const timer = new AbortController();
    const late = sleep(ackWithinMs, null, { signal: timer.signal, ref: false }).then(
      () => {
        delivery.late = true;
        return timedOut;
      },
      () => timedOut,
    );
    return Promise.race([sending, late]).finally(() => timer.abort());
  }

  async function attempt(kind: DeliveryKind, payload: Json, number: number, reason: string | null): Promise<Outcome> {
    const trouble = troubles.forDelivery(kind, payload);
    if (trouble?.delayMs) await sleep(trouble.delayMs);
    if (trouble?.reorder)
      await new Promise<void>((resolve) => {
        held.push(resolve);
        setTimeout(resolve, ackWithinMs).unref();
      });
    const sending = sendOnce(kind, payload, number, reason);
    const more = Array.from({ length: trouble?.duplicate ?? 0 }, () => sendOnce(kind, payload, number, reason));
    const [outcome] = await Promise.all([sending, ...more]);
    if (!trouble?.reorder) for (const release of held.splice(0)) release();
    return trouble?.drop ? timedOut : outcome;
  }

  async function retry(payload: Json, outcome: Outcome): Promise<void> {
    let before = outcome;
    for (const [index, delayMs] of retryDelaysMs.entries()) {
      if (before.ok || !before.retry || stopped.signal.aborted) return;
      const { reason } = before;
      const again = async () => {
        if (delayMs > 0) await sleep(delayMs, null, { signal: stopped.signal, ref: false });
        return attempt('event', payload, index + 2, reason);
      };
      before = await (delayMs <= soonMs ? traffic.during(again) : again());
    }
  }

  return {
    deliveries,
    signed,
    lastRequest: () => last,
    deliverTo: (to: readonly string[]) => {
      urls = to;
    },
    /** A command or something interactive; never sent again. */
    interact: (kind: Exclude<DeliveryKind, 'event'>, payload: Json): Promise<Acknowledged> =>
      traffic.during(() => attempt(kind, payload, 1, null)),
    /** Comes after the first try; the others follow by themselves. */
    event: (payload: Json): Promise<Acknowledged> =>
      traffic.during(async () => {
        const outcome = await attempt('event', payload, 1, null);
        if (!outcome.ok) void retry(payload, outcome).catch(() => {});
        return outcome;
      }),
    stop: () => stopped.abort(),
  };
}

export type Deliverer = ReturnType<typeof createDeliverer>;

export const newEventId = (): string => `Ev${randomBytes(6).toString('hex').toUpperCase()}`;
