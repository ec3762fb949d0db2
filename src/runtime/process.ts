const hints: Readonly<Record<string, (error: NodeJS.ErrnoException & { port?: number }) => string>> = {
  EADDRINUSE: ({ port }) => `Port ${port} is taken by another program. Stop that one, or set PORT to a free port.`,
  EACCES: ({ port, path }) =>
    port
      ? `Port ${port} may not be opened by this user. Set PORT to one above 1024.`
      : `${path} may not be written by this user.`,
  ECONNREFUSED: () => 'The database or the queue does not answer. Check DATABASE_URL and REDIS_URL, and that both run.',
  ENOTFOUND: () => 'A server’s name is not known. Check DATABASE_URL, REDIS_URL and SMTP_URL.',
};

/** The one sentence that says why it did not start, and what to do. */
export function startupSentence(error: unknown): string {
  const first = error instanceof AggregateError ? (error.errors[0] as unknown) : error;
  if (!(first instanceof Error)) return String(first);
  const hint = hints[(first as NodeJS.ErrnoException).code ?? ''];
  return hint ? hint(first) : first.message;
}

/** Runs until a signal; starting that fails is told in one sentence, with exit code 1. */
export async function runProcess(start: () => Promise<{ stop(): Promise<void> }>): Promise<void> {
  try {
    const running = await start();
    let stopping = false;
    const end = () => {
      // A second Ctrl-C does not wait.
      if (stopping) process.exit(1);
      stopping = true;
      void running.stop().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    };
    process.on('SIGINT', end);
    process.on('SIGTERM', end);
  } catch (error) {
    console.error(`Usher did not start. ${startupSentence(error)}`);
    process.exit(1);
  }
}
