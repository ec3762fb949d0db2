-- AlterTable
ALTER TABLE "RoleSettings" ALTER COLUMN "rules" DROP NOT NULL;

-- CreateTable
CREATE TABLE "SettingsProposal" (
    "id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "personId" UUID NOT NULL,
    "roleId" TEXT NOT NULL,
    "scopeId" TEXT NOT NULL,
    "audience" TEXT NOT NULL,
    "basis" TEXT NOT NULL,
    "rules" JSONB,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "SettingsProposal_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "SettingsProposal_createdAt_idx" ON "SettingsProposal"("createdAt");
