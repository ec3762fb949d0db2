-- CreateTable
CREATE TABLE "Delegation" (
    "id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "approverId" UUID NOT NULL,
    "standInId" UUID NOT NULL,
    "startsAt" TIMESTAMPTZ(3) NOT NULL,
    "endsAt" TIMESTAMPTZ(3) NOT NULL,
    "note" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "status" TEXT NOT NULL,
    "closedAt" TIMESTAMPTZ(3),
    "why" TEXT,

    CONSTRAINT "Delegation_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "Delegation_standInId_status_idx" ON "Delegation"("standInId", "status");

-- By hand. Nobody is away twice.
CREATE UNIQUE INDEX "Delegation_one_open" ON "Delegation" ("approverId") WHERE status IN ('Scheduled', 'InForce');
