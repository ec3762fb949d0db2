-- AlterTable
ALTER TABLE "Card" ADD COLUMN     "canWait" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "notBefore" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "Person" ADD COLUMN     "quiet" JSONB;

-- CreateTable
CREATE TABLE "SettingsChange" (
    "id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "personId" UUID,
    "roleId" TEXT NOT NULL,
    "scopeId" TEXT NOT NULL,
    "audience" TEXT NOT NULL,
    "inherit" BOOLEAN NOT NULL,
    "lines" JSONB NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "SettingsChange_pkey" PRIMARY KEY ("id")
);
