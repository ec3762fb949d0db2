interface DatabaseFault {
  readonly code?: unknown;
  readonly cause?: { readonly originalCode?: unknown; readonly kind?: unknown };
  readonly meta?: {
    readonly driverAdapterError?: { readonly cause?: { readonly originalCode?: unknown; readonly kind?: unknown } };
  };
}

const causeOf = (fault: DatabaseFault) => fault.meta?.driverAdapterError?.cause ?? fault.cause;

/**
 * Whether a transaction lost against another and may simply be tried again. Prisma 7 tells it in three shapes: P2034
 * from its own calls, P2010 around the driver's fault from raw queries, and the driver's bare fault at COMMIT.
 */
export function isWriteConflict(error: unknown): boolean {
  const fault = (error ?? {}) as DatabaseFault;
  const cause = causeOf(fault);
  return (
    fault.code === 'P2034' ||
    fault.code === '40001' ||
    fault.code === '40P01' ||
    cause?.kind === 'TransactionWriteConflict' ||
    cause?.originalCode === '40001' ||
    cause?.originalCode === '40P01'
  );
}

/** Whether a row was refused because its like is there already: P2002, or SQLSTATE 23505 from a raw query. */
export function isUniqueViolation(error: unknown): boolean {
  const fault = (error ?? {}) as DatabaseFault;
  const cause = causeOf(fault);
  return (
    fault.code === 'P2002' ||
    fault.code === '23505' ||
    cause?.kind === 'UniqueConstraintViolation' ||
    cause?.originalCode === '23505'
  );
}
