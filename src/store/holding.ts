/** Of an assignment `a`: active, confirmed by the target system, and its end has not come. */
export const inForceAt = (now: string) =>
  `(a.kind = 'active' AND (
    (a.status = 'Active' AND (a."endsAt" IS NULL OR a."endsAt" > ${now}))
    OR (a.status = 'Extending' AND (a.until IS NULL OR a.until > ${now}))
  ))`;

/** The ids of the groups in which somebody is an active member. */
export const groupsOf = (principal: string, now: string) =>
  `SELECT substr(a."scopeId", length('/groups/') + 1) FROM "Assignment" a
   WHERE a."principalId" = ${principal} AND a."roleId" = 'groupMember' AND ${inForceAt(now)}`;
