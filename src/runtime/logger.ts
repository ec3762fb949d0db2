import { type Logger, pino } from 'pino';

/**
 * Facts with fields, as JSON lines. Ids only: no names, no addresses, no text that people wrote. Errors are told by
 * name, code and stack, because their messages may quote what they stumbled over.
 */
export const createLogger = (level: string): Logger =>
  pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  });

/** What of an error may be logged. */
export function errorFields(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { fault: typeof error };
  const { code } = error as NodeJS.ErrnoException;
  // The message stands before the places, and a line of it may look like one.
  const frames = (error.stack ?? '')
    .replace(error.message, '')
    .split('\n')
    .filter((line) => line.trim().startsWith('at '));
  return { fault: error.name, ...(code ? { code } : {}), at: frames.slice(0, 6).map((line) => line.trim()) };
}
