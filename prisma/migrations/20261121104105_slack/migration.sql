-- AlterTable
ALTER TABLE "ChatAccount" ADD COLUMN     "provenBy" TEXT;

-- CreateTable
CREATE TABLE "Taken" (
    "key" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "body" JSONB,
    "leasedUntil" TIMESTAMPTZ(3),
    "attempts" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "Taken_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "SlackInstallation" (
    "id" TEXT NOT NULL,
    "sealed" BYTEA NOT NULL,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "SlackInstallation_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "Card_messageId_idx" ON "Card"("messageId");

-- CreateIndex
CREATE INDEX "Taken_at_idx" ON "Taken"("at");

-- CreateIndex
CREATE INDEX "Taken_leasedUntil_idx" ON "Taken"("leasedUntil");

-- Bound accounts: Teams' users whose directory id is their own were recognised, all others gave a code.
UPDATE "ChatAccount" a SET "provenBy" = CASE WHEN p."objectId" = a."userId" THEN 'platform' ELSE 'code' END
FROM "Person" p WHERE p.id = a."personId";

-- Standing pages are few, and every change looks for those that it touches.
CREATE INDEX "Card_home_of" ON "Card" ("recipientId") WHERE channel = 'home';
CREATE INDEX "Card_home_about" ON "Card" ("subjectId") WHERE channel = 'home';

-- What is counted for administrators, however many assignments there were.
CREATE INDEX "Invitation_pending" ON "Invitation" (id) WHERE status = 'Pending';
CREATE INDEX "Assignment_activated" ON "Assignment" (id) WHERE status = 'Active' AND "requestId" IS NOT NULL;
