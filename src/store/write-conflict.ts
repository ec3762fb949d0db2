interface DatabaseFault {
  readonly code?: unknown;
  readonly cause?: { readonly originalCode?: unknown; readonly kind?: unknown };
  readonly meta?: {
    readonly driverAdapterError?: { readonly cause?: { readonly originalCode?: unknown; readonly kind?: unknown } };
  };
}

/** What of it says what happened: PostgreSQL's own code, wherever the driver or Prisma has put it, or Prisma's. */
function told(error: unknown): { readonly codes: readonly unknown[]; readonly kind: unknown } {
  const fault = (error ?? {}) as DatabaseFault;
  const cause = fault.meta?.driverAdapterError?.cause ?? fault.cause;
  return { codes: [fault.code, cause?.originalCode], kind: cause?.kind };
}

/**
 * Whether a transaction lost against another and may simply be tried again. Plain SQL tells it by PostgreSQL's codes
 * (serialization failure, deadlock). Prisma 7 tells it in three shapes: P2034 from its own calls, P2010 around the driver's
 * fault from raw queries, and the driver's bare fault at COMMIT.
 */
export function isWriteConflict(error: unknown): boolean {
  const { codes, kind } = told(error);
  return kind === 'TransactionWriteConflict' || ['P2034', '40001', '40P01'].some((code) => codes.includes(code));
}

/**
 * Whether a row was refused because its like is there already: P2002 from Prisma, SQLSTATE 23505 from plain SQL, or 23P01
 * where its like is one at the same time.
 */
export function isUniqueViolation(error: unknown): boolean {
  const { codes, kind } = told(error);
  return kind === 'UniqueConstraintViolation' || ['P2002', '23505', '23P01'].some((code) => codes.includes(code));
}
