-- CreateTable
CREATE TABLE "Organisation" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "name" TEXT NOT NULL,
    "domain" TEXT NOT NULL,
    "whoMayInvite" TEXT NOT NULL,
    "domains" JSONB NOT NULL,
    "terms" JSONB,

    CONSTRAINT "Organisation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Secret" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "value" BYTEA NOT NULL,

    CONSTRAINT "Secret_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Person" (
    "id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "displayName" TEXT NOT NULL,
    "mail" TEXT NOT NULL,
    "userPrincipalName" TEXT NOT NULL,
    "userType" TEXT NOT NULL,
    "externalUserState" TEXT,
    "identities" TEXT[],
    "objectId" TEXT,
    "company" TEXT,
    "sponsorId" UUID,
    "accountEnabled" BOOLEAN NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Person_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ChatAccount" (
    "id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "platform" TEXT NOT NULL,
    "tenantId" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "personId" UUID,
    "address" JSONB,
    "unreachable" TEXT,
    "timeZone" TEXT,
    "locale" TEXT,
    "lastSeenAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "ChatAccount_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Invitation" (
    "id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "guestId" UUID NOT NULL,
    "inviterId" UUID NOT NULL,
    "message" TEXT NOT NULL,
    "generation" INTEGER NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "sentAt" TIMESTAMPTZ(3) NOT NULL,
    "status" TEXT NOT NULL,
    "closedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Invitation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Challenge" (
    "id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "purpose" TEXT NOT NULL,
    "subjectId" UUID NOT NULL,
    "personId" UUID NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "failures" INTEGER NOT NULL,
    "usedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Challenge_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Scope" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "parentId" TEXT,

    CONSTRAINT "Scope_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Role" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "description" TEXT NOT NULL,

    CONSTRAINT "Role_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "RoleSettings" (
    "roleId" TEXT NOT NULL,
    "scopeId" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "activationMaximumMinutes" INTEGER NOT NULL,
    "justificationRequired" BOOLEAN NOT NULL,
    "ticketRequired" BOOLEAN NOT NULL,
    "approvalRequired" BOOLEAN NOT NULL,
    "approverIds" UUID[],
    "requestLifetimeMinutes" INTEGER NOT NULL,
    "permanentEligibleAllowed" BOOLEAN NOT NULL,
    "eligibleMaximumMinutes" INTEGER NOT NULL,

    CONSTRAINT "RoleSettings_pkey" PRIMARY KEY ("roleId","scopeId")
);

-- CreateTable
CREATE TABLE "Assignment" (
    "id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "principalId" UUID NOT NULL,
    "roleId" TEXT NOT NULL,
    "scopeId" TEXT NOT NULL,
    "eligibilityId" UUID,
    "requestId" UUID,
    "durationMinutes" INTEGER,
    "startsAt" TIMESTAMPTZ(3) NOT NULL,
    "endsAt" TIMESTAMPTZ(3),
    "status" TEXT NOT NULL,
    "why" TEXT,
    "confirmedAt" TIMESTAMPTZ(3),
    "closedAt" TIMESTAMPTZ(3),
    "queuedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Assignment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Request" (
    "id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "principalId" UUID NOT NULL,
    "eligibilityId" UUID NOT NULL,
    "roleId" TEXT NOT NULL,
    "scopeId" TEXT NOT NULL,
    "durationMinutes" INTEGER NOT NULL,
    "justification" TEXT NOT NULL,
    "ticket" TEXT,
    "settingsVersion" INTEGER NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "status" TEXT NOT NULL,
    "timesOutAt" TIMESTAMPTZ(3),
    "decidedBy" UUID,
    "decidedAt" TIMESTAMPTZ(3),
    "decisionJustification" TEXT,
    "assignmentId" UUID,
    "closedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Request_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Deadline" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "kind" TEXT NOT NULL,
    "subjectId" UUID NOT NULL,
    "dueAt" TIMESTAMPTZ(3) NOT NULL,
    "leasedUntil" TIMESTAMPTZ(3),

    CONSTRAINT "Deadline_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Card" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "key" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "subjectId" UUID NOT NULL,
    "recipientId" UUID NOT NULL,
    "channel" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "wanted" INTEGER NOT NULL DEFAULT 1,
    "shown" INTEGER NOT NULL DEFAULT 0,
    "platform" TEXT,
    "address" JSONB,
    "messageId" TEXT,
    "queuedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "leasedUntil" TIMESTAMPTZ(3),
    "failedAt" TIMESTAMPTZ(3),
    "failure" TEXT,

    CONSTRAINT "Card_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "AuditEntry" (
    "sequence" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "action" TEXT NOT NULL,
    "personId" UUID,
    "surface" TEXT NOT NULL,
    "account" TEXT,
    "subjectId" UUID,
    "role" TEXT,
    "scope" TEXT,
    "requestId" UUID,
    "result" TEXT NOT NULL,
    "reason" TEXT,
    "details" JSONB NOT NULL,
    "previousHash" TEXT NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "AuditEntry_pkey" PRIMARY KEY ("sequence")
);

-- CreateTable
CREATE TABLE "AuditHead" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "sequence" INTEGER NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "AuditHead_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Answered" (
    "key" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "answer" JSONB NOT NULL,

    CONSTRAINT "Answered_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "Received" (
    "key" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "leasedUntil" TIMESTAMPTZ(3),

    CONSTRAINT "Received_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "DirectoryGrant" (
    "assignmentId" UUID NOT NULL,
    "principalId" UUID NOT NULL,
    "roleId" TEXT NOT NULL,
    "scopeId" TEXT NOT NULL,
    "grantedAt" TIMESTAMPTZ(3) NOT NULL,
    "endsAt" TIMESTAMPTZ(3),

    CONSTRAINT "DirectoryGrant_pkey" PRIMARY KEY ("assignmentId")
);

-- CreateIndex
CREATE UNIQUE INDEX "Person_mail_key" ON "Person"("mail");

-- CreateIndex
CREATE UNIQUE INDEX "Person_userPrincipalName_key" ON "Person"("userPrincipalName");

-- CreateIndex
CREATE UNIQUE INDEX "Person_objectId_key" ON "Person"("objectId");

-- CreateIndex
CREATE INDEX "ChatAccount_personId_idx" ON "ChatAccount"("personId");

-- CreateIndex
CREATE UNIQUE INDEX "ChatAccount_platform_tenantId_userId_key" ON "ChatAccount"("platform", "tenantId", "userId");

-- CreateIndex
CREATE UNIQUE INDEX "Invitation_guestId_key" ON "Invitation"("guestId");

-- CreateIndex
CREATE INDEX "Challenge_subjectId_createdAt_idx" ON "Challenge"("subjectId", "createdAt");

-- CreateIndex
CREATE INDEX "Challenge_personId_createdAt_idx" ON "Challenge"("personId", "createdAt");

-- CreateIndex
CREATE INDEX "Scope_parentId_idx" ON "Scope"("parentId");

-- CreateIndex
CREATE INDEX "Scope_name_idx" ON "Scope"("name");

-- CreateIndex
CREATE UNIQUE INDEX "Role_name_key" ON "Role"("name");

-- CreateIndex
CREATE INDEX "Assignment_principalId_kind_status_idx" ON "Assignment"("principalId", "kind", "status");

-- CreateIndex
CREATE INDEX "Assignment_scopeId_roleId_kind_status_idx" ON "Assignment"("scopeId", "roleId", "kind", "status");

-- CreateIndex
CREATE INDEX "Request_principalId_createdAt_idx" ON "Request"("principalId", "createdAt");

-- CreateIndex
CREATE INDEX "Request_eligibilityId_idx" ON "Request"("eligibilityId");

-- CreateIndex
CREATE INDEX "Deadline_dueAt_idx" ON "Deadline"("dueAt");

-- CreateIndex
CREATE INDEX "Deadline_subjectId_idx" ON "Deadline"("subjectId");

-- CreateIndex
CREATE UNIQUE INDEX "Card_key_key" ON "Card"("key");

-- CreateIndex
CREATE INDEX "Card_subjectId_idx" ON "Card"("subjectId");

-- CreateIndex
CREATE INDEX "Card_recipientId_name_subjectId_idx" ON "Card"("recipientId", "name", "subjectId");

-- CreateIndex
CREATE INDEX "AuditEntry_subjectId_sequence_idx" ON "AuditEntry"("subjectId", "sequence");

-- CreateIndex
CREATE INDEX "AuditEntry_personId_sequence_idx" ON "AuditEntry"("personId", "sequence");

-- CreateIndex
CREATE INDEX "AuditEntry_requestId_idx" ON "AuditEntry"("requestId");

-- CreateIndex
CREATE INDEX "Answered_at_idx" ON "Answered"("at");

-- CreateIndex
CREATE INDEX "Received_at_idx" ON "Received"("at");

-- CreateIndex
CREATE INDEX "DirectoryGrant_principalId_scopeId_roleId_idx" ON "DirectoryGrant"("principalId", "scopeId", "roleId");

-- From here on written by hand: what a Prisma schema can't say.

-- One eligible assignment that has not ended, and one that wants access, for a principal, role and scope.
CREATE UNIQUE INDEX "Assignment_one_eligible" ON "Assignment" ("principalId", "roleId", "scopeId")
  WHERE kind = 'eligible' AND status = 'InForce';
CREATE UNIQUE INDEX "Assignment_one_in_force" ON "Assignment" ("principalId", "roleId", "scopeId")
  WHERE kind = 'active' AND status IN ('Provisioning', 'Active');

-- One open request for an eligible assignment.
CREATE UNIQUE INDEX "Request_one_open" ON "Request" ("eligibilityId")
  WHERE status IN ('PendingApproval', 'PendingProvisioning');
CREATE INDEX "Request_pending" ON "Request" ("createdAt") WHERE status = 'PendingApproval';

-- What is owed, however much else there is.
CREATE INDEX "Card_owed" ON "Card" ("queuedAt") WHERE shown < wanted AND "failedAt" IS NULL;
CREATE INDEX "Assignment_owed" ON "Assignment" ("queuedAt") WHERE status IN ('Provisioning', 'Revoking');

-- The audit is only ever appended to.
INSERT INTO "AuditHead" (id, sequence, hash) VALUES (1, 0, repeat('0', 64));
CREATE FUNCTION usher_audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit is append-only';
END $$;
CREATE TRIGGER "AuditEntry_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "AuditEntry"
  FOR EACH STATEMENT EXECUTE FUNCTION usher_audit_is_append_only();
