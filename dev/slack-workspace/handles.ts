import { randomBytes } from 'node:crypto';

const responseUrlLivesMs = 30 * 60_000;
const responseUrlUses = 5;

/** What a response URL answers: a conversation, and the message that was clicked, where there was one. */
export interface ResponseTarget {
  readonly userId: string;
  readonly channel: string;
  readonly message: { readonly ts: string; readonly ephemeral: boolean } | null;
}

/** Triggers and response URLs: short-lived handles that come with what a person did. */
export function createHandles(options: {
  readonly now: () => number;
  readonly triggerLivesMs: number;
  readonly origin: () => string;
}) {
  const { now, triggerLivesMs, origin } = options;
  const triggers = new Map<string, { userId: string; at: number; used: boolean }>();
  const responses = new Map<string, { target: ResponseTarget; at: number; uses: number }>();

  return {
    newTrigger: (userId: string): string => {
      const id = `${Date.now()}.${randomBytes(4).readUInt32BE()}.${randomBytes(16).toString('hex')}`;
      triggers.set(id, { userId, at: now(), used: false });
      return id;
    },
    /** Whose it was; it can't be used again. */
    exchange: (id: unknown): { userId: string } | { error: string } => {
      const trigger = typeof id === 'string' ? triggers.get(id) : undefined;
      if (!trigger) return { error: 'invalid_trigger_id' };
      if (trigger.used) return { error: 'exchanged_trigger_id' };
      if (now() - trigger.at > triggerLivesMs) return { error: 'expired_trigger_id' };
      trigger.used = true;
      return { userId: trigger.userId };
    },
    newResponseUrl: (target: ResponseTarget, family: 'commands' | 'actions'): string => {
      const id = randomBytes(12).toString('hex');
      responses.set(id, { target, at: now(), uses: 0 });
      return `${origin()}/${family}/${id}`;
    },
    respond: (id: string): ResponseTarget | { error: string } => {
      const response = responses.get(id);
      if (!response) return { error: 'invalid_url' };
      if (now() - response.at > responseUrlLivesMs) return { error: 'expired_url' };
      if (response.uses >= responseUrlUses) return { error: 'used_url' };
      response.uses += 1;
      return response.target;
    },
  };
}

export type Handles = ReturnType<typeof createHandles>;
