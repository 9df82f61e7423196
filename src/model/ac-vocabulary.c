/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The spellings and labels of every enumeration, in one table each. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/ac-vocabulary.h"

typedef struct
{
  const char *wire;  /* NULL: this value has no spelling */
  const char *label; /* untranslated */
} Word;

static const Word action_types[] = {
  [AC_ACTION_TYPE_SOFT_DELETE_EMAIL] = { "softDeleteEmail", N_ ("Soft delete email") },
  [AC_ACTION_TYPE_SOFT_DELETE_EMAIL_CLUSTER] = { "softDeleteEmailCluster",
                                                 N_ ("Soft delete email cluster") },
  [AC_ACTION_TYPE_QUARANTINE_EMAIL] = { "quarantineEmail", N_ ("Quarantine email") },
  [AC_ACTION_TYPE_QUARANTINE_ATTACHMENT] = { "quarantineAttachment", N_ ("Quarantine attachment") },
  [AC_ACTION_TYPE_BLOCK_URL] = { "blockUrl", N_ ("Block URL (time of click)") },
  [AC_ACTION_TYPE_TURN_OFF_MAIL_FORWARDING] = { "turnOffMailForwarding",
                                                N_ ("Turn off external mail forwarding") },
  [AC_ACTION_TYPE_QUARANTINE_FILE] = { "quarantineFile", N_ ("Quarantine file") },
};

static const Word statuses[] = {
  [AC_STATUS_PENDING] = { "pending", N_ ("Pending") },
  [AC_STATUS_QUEUED] = { "queued", N_ ("Queued") },
  [AC_STATUS_RUNNING] = { "running", N_ ("Running") },
  [AC_STATUS_COMPLETED] = { "completed", N_ ("Completed") },
  [AC_STATUS_PARTLY_COMPLETED] = { "partlyCompleted", N_ ("Partly completed") },
  [AC_STATUS_FAILED] = { "failed", N_ ("Failed") },
  [AC_STATUS_UNDO_QUEUED] = { "undoQueued", N_ ("Undo queued") },
  [AC_STATUS_UNDOING] = { "undoing", N_ ("Undoing") },
  [AC_STATUS_UNDONE] = { "undone", N_ ("Undone") },
  [AC_STATUS_UNDO_FAILED] = { "undoFailed", N_ ("Undo failed") },
  [AC_STATUS_REJECTED] = { "rejected", N_ ("Rejected") },
  [AC_STATUS_EXPIRED] = { "expired", N_ ("Expired") },
  [AC_STATUS_CANCELLED] = { "cancelled", N_ ("Cancelled") },
};

static const Word entity_types[] = {
  [AC_ENTITY_TYPE_EMAIL_MESSAGE] = { "emailMessage", N_ ("Email message") },
  [AC_ENTITY_TYPE_EMAIL_CLUSTER] = { "emailCluster", N_ ("Email cluster") },
  [AC_ENTITY_TYPE_ATTACHMENT] = { "attachment", N_ ("Attachment") },
  [AC_ENTITY_TYPE_URL] = { "url", N_ ("URL") },
  [AC_ENTITY_TYPE_MAILBOX] = { "mailbox", N_ ("Mailbox") },
  [AC_ENTITY_TYPE_FILE] = { "file", N_ ("File") },
  [AC_ENTITY_TYPE_DEVICE] = { "device", N_ ("Device") },
};

static const Word verdicts[] = {
  [AC_VERDICT_MALICIOUS] = { "malicious", N_ ("Malicious") },
  [AC_VERDICT_SUSPICIOUS] = { "suspicious", N_ ("Suspicious") },
  [AC_VERDICT_NO_THREATS_FOUND] = { "noThreatsFound", N_ ("No threats found") },
  [AC_VERDICT_UNKNOWN] = { "unknown", N_ ("Unknown") },
};

static const Word sources[] = {
  [AC_SOURCE_AUTOMATED_EMAIL] = { "automatedEmail", N_ ("Automated email action") },
  [AC_SOURCE_AUTOMATED_DEVICE] = { "automatedDevice", N_ ("Automated device action") },
  [AC_SOURCE_MANUAL] = { "manual", N_ ("Explorer action") },
  [AC_SOURCE_API] = { "api", N_ ("API") },
};

static const Word decisions[] = {
  [AC_DECISION_APPROVE] = { "approve", N_ ("Approve") },
  [AC_DECISION_REJECT] = { "reject", N_ ("Reject") },
  [AC_DECISION_UNDO] = { "undo", N_ ("Undo") },
  [AC_DECISION_RETRY] = { "retry", N_ ("Retry") },
};

static const Word outcomes[] = {
  [AC_OUTCOME_MOVED] = { "moved", N_ ("Moved") },
  [AC_OUTCOME_ALREADY_THERE] = { "alreadyThere", N_ ("Already in destination") },
  [AC_OUTCOME_NOT_FOUND] = { "notFound", N_ ("Not found") },
  [AC_OUTCOME_MOVED_BY_OTHER] = { "movedByOther", N_ ("Moved by somebody else") },
  [AC_OUTCOME_RESTORED] = { "restored", N_ ("Restored") },
  [AC_OUTCOME_ALREADY_RESTORED] = { "alreadyRestored", N_ ("Already back in its place") },
  [AC_OUTCOME_FAILED] = { "failed", N_ ("Failed") },
  [AC_OUTCOME_DONE] = { "done", N_ ("Done") },
  [AC_OUTCOME_NOTHING_TO_DO] = { "nothingToDo", N_ ("Nothing to do") },
  [AC_OUTCOME_CONFLICT] = { "conflict", N_ ("Changed by somebody else") },
  [AC_OUTCOME_NOT_REMEDIABLE] = { "notRemediable", N_ ("Not remediable") },
};

static const Word operation_statuses[] = {
  [AC_OPERATION_STATUS_RUNNING] = { "running", N_ ("Running") },
  [AC_OPERATION_STATUS_FINISHED] = { "finished", N_ ("Finished") },
};

static const Word investigation_statuses[] = {
  [AC_INVESTIGATION_STATUS_STARTING] = { "starting", N_ ("Starting") },
  [AC_INVESTIGATION_STATUS_RUNNING] = { "running", N_ ("Running") },
  [AC_INVESTIGATION_STATUS_NO_THREATS_FOUND] = { "noThreatsFound", N_ ("No threats found") },
  [AC_INVESTIGATION_STATUS_PARTIALLY_INVESTIGATED] = { "partiallyInvestigated",
                                                       N_ ("Partially investigated") },
  [AC_INVESTIGATION_STATUS_PENDING_ACTION] = { "pendingAction", N_ ("Pending action") },
  [AC_INVESTIGATION_STATUS_PARTIALLY_REMEDIATED] = { "partiallyRemediated",
                                                     N_ ("Partially remediated") },
  [AC_INVESTIGATION_STATUS_REMEDIATED] = { "remediated", N_ ("Remediated") },
  [AC_INVESTIGATION_STATUS_TERMINATED_BY_SYSTEM] = { "terminatedBySystem",
                                                     N_ ("Terminated by system") },
  [AC_INVESTIGATION_STATUS_TERMINATED_BY_USER] = { "terminatedByUser", N_ ("Terminated by user") },
  [AC_INVESTIGATION_STATUS_QUEUED_BY_THROTTLING] = { "queuedByThrottling",
                                                     N_ ("Queued by throttling") },
  [AC_INVESTIGATION_STATUS_TERMINATED_BY_THROTTLING] = { "terminatedByThrottling",
                                                         N_ ("Terminated by throttling") },
  [AC_INVESTIGATION_STATUS_FAILED] = { "failed", N_ ("Failed") },
};

static const Word roles[] = {
  [AC_ROLE_READER] = { "reader", N_ ("Reader") },
  [AC_ROLE_RESPONDER] = { "responder", N_ ("Responder") },
  [AC_ROLE_DETECTOR] = { "detector", N_ ("Detector") },
  [AC_ROLE_ADMIN] = { "admin", N_ ("Administrator") },
  [AC_ROLE_EMAIL_RESPONDER] = { "emailResponder", N_ ("Email responder") },
  [AC_ROLE_DEVICE_RESPONDER] = { "deviceResponder", N_ ("Device responder") },
};

static const Word url_scopes[] = {
  [AC_URL_SCOPE_URL] = { "url", N_ ("This URL") },
  [AC_URL_SCOPE_ANY_QUERY] = { "anyQuery", N_ ("This URL with any query") },
  [AC_URL_SCOPE_HOST] = { "host", N_ ("The whole host") },
  [AC_URL_SCOPE_DOMAIN] = { "domain", N_ ("The whole domain") },
};

static const Word assessments[] = {
  [AC_ASSESSMENT_CLEAN] = { "clean", N_ ("Clean") },
  [AC_ASSESSMENT_UNSURE] = { "unsure", N_ ("Unsure") },
  [AC_ASSESSMENT_THREAT] = { "threat", N_ ("Threat") },
};

static const Word threats[] = {
  [AC_THREAT_PHISH] = { "phish", N_ ("Phish") },
  [AC_THREAT_MALWARE] = { "malware", N_ ("Malware") },
  [AC_THREAT_SPAM] = { "spam", N_ ("Spam") },
};

static const Word submission_states[] = {
  [AC_SUBMISSION_STATE_PENDING] = { "pending", N_ ("Waiting for review") },
  [AC_SUBMISSION_STATE_AGREED] = { "agreed", N_ ("Agreed") },
  [AC_SUBMISSION_STATE_DISAGREED] = { "disagreed", N_ ("Disagreed") },
};

static const Word list_entries[] = {
  [AC_LIST_ENTRY_ALLOW] = { "allow", N_ ("Allow") },
  [AC_LIST_ENTRY_BLOCK] = { "block", N_ ("Block") },
};

static const Word undo_states[] = {
  [AC_UNDO_STATE_NOT_UNDOABLE] = { "notUndoable", N_ ("Not undoable") },
  [AC_UNDO_STATE_UNDOABLE] = { "undoable", N_ ("Undoable") },
  [AC_UNDO_STATE_UNDOING] = { "undoing", N_ ("Undoing") },
  [AC_UNDO_STATE_UNDONE] = { "undone", N_ ("Undone") },
  [AC_UNDO_STATE_UNDO_FAILED] = { "undoFailed", N_ ("Undo failed") },
};

#define TABLE(words)                                                                               \
  {                                                                                                \
    words, G_N_ELEMENTS (words)                                                                    \
  }
static const struct
{
  const Word *words;
  guint n_words;
} tables[] = {
  [AC_VOCABULARY_NONE] = { NULL, 0 },
  [AC_VOCABULARY_ACTION_TYPE] = TABLE (action_types),
  [AC_VOCABULARY_STATUS] = TABLE (statuses),
  [AC_VOCABULARY_ENTITY_TYPE] = TABLE (entity_types),
  [AC_VOCABULARY_VERDICT] = TABLE (verdicts),
  [AC_VOCABULARY_SOURCE] = TABLE (sources),
  [AC_VOCABULARY_DECISION] = TABLE (decisions),
  [AC_VOCABULARY_OUTCOME] = TABLE (outcomes),
  [AC_VOCABULARY_OPERATION_STATUS] = TABLE (operation_statuses),
  [AC_VOCABULARY_INVESTIGATION_STATUS] = TABLE (investigation_statuses),
  [AC_VOCABULARY_ROLE] = TABLE (roles),
  [AC_VOCABULARY_URL_SCOPE] = TABLE (url_scopes),
  [AC_VOCABULARY_ASSESSMENT] = TABLE (assessments),
  [AC_VOCABULARY_THREAT] = TABLE (threats),
  [AC_VOCABULARY_SUBMISSION_STATE] = TABLE (submission_states),
  [AC_VOCABULARY_LIST_ENTRY] = TABLE (list_entries),
  [AC_VOCABULARY_UNDO_STATE] = TABLE (undo_states),
};

/**
 * ac_vocabulary_parse:
 * @vocabulary: which enumeration
 * @wire: (nullable): a spelling
 *
 * Returns: the enum value, or 0 when the spelling is not known.
 */
int
ac_vocabulary_parse (AcVocabulary vocabulary, const char *wire)
{
  g_return_val_if_fail (vocabulary < G_N_ELEMENTS (tables), 0);

  if (wire == NULL)
    return 0;
  for (guint i = 1; i < tables[vocabulary].n_words; i++)
    if (strcmp (tables[vocabulary].words[i].wire, wire) == 0)
      return (int)i;
  return 0;
}

/**
 * ac_vocabulary_wire:
 *
 * Returns: the spelling of a known value (not 0).
 */
const char *
ac_vocabulary_wire (AcVocabulary vocabulary, int value)
{
  g_return_val_if_fail (vocabulary < G_N_ELEMENTS (tables), NULL);
  g_return_val_if_fail (value > 0 && (guint)value < tables[vocabulary].n_words, NULL);

  return tables[vocabulary].words[value].wire;
}

/**
 * ac_vocabulary_label:
 * @wire: (nullable): a spelling
 *
 * Returns: (nullable): the translated label for people; an unknown spelling as it is.
 */
const char *
ac_vocabulary_label (AcVocabulary vocabulary, const char *wire)
{
  int value = ac_vocabulary_parse (vocabulary, wire);

  return value == 0 ? wire : _ (tables[vocabulary].words[value].label);
}

/**
 * ac_vocabulary_list:
 *
 * Returns: (transfer full): all spellings, separated by ", ", for messages.
 */
char *
ac_vocabulary_list (AcVocabulary vocabulary)
{
  GString *list = g_string_new (NULL);

  g_return_val_if_fail (vocabulary < G_N_ELEMENTS (tables), g_string_free (list, FALSE));

  for (guint i = 1; i < tables[vocabulary].n_words; i++)
    g_string_append_printf (list, "%s%s", i > 1 ? ", " : "", tables[vocabulary].words[i].wire);
  return g_string_free (list, FALSE);
}

/**
 * ac_vocabulary_size:
 *
 * Returns: one more than the largest value; values run from 1.
 */
guint
ac_vocabulary_size (AcVocabulary vocabulary)
{
  g_return_val_if_fail (vocabulary < G_N_ELEMENTS (tables), 0);

  return tables[vocabulary].n_words;
}

/**
 * ac_role_may:
 *
 * The one place that says what a role allows; the service refuses by it, the window greys out by
 * it.
 */
gboolean
ac_role_may (AcRole role, AcPermission permission)
{
  switch (role)
    {
    case AC_ROLE_ADMIN:
      return TRUE;
    case AC_ROLE_RESPONDER:
    case AC_ROLE_EMAIL_RESPONDER:
    case AC_ROLE_DEVICE_RESPONDER:
      return permission == AC_PERMISSION_READ || permission == AC_PERMISSION_DECIDE;
    case AC_ROLE_READER:
      return permission == AC_PERMISSION_READ;
    case AC_ROLE_DETECTOR:
      return permission == AC_PERMISSION_POST_INVESTIGATIONS;
    case AC_ROLE_UNKNOWN:
    default:
      return FALSE;
    }
}

/* Whether actions of this type act on devices; all others act on mail and on links. */
static gboolean
acts_on_devices (AcActionType type)
{
  return type == AC_ACTION_TYPE_QUARANTINE_FILE;
}

/**
 * ac_role_may_decide:
 * @type: of an action; one that is not known is for those only who may decide everything
 *
 * Of the roles that may decide, two do so about mail and links or about devices alone.
 */
gboolean
ac_role_may_decide (AcRole role, AcActionType type)
{
  if (!ac_role_may (role, AC_PERMISSION_DECIDE))
    return FALSE;
  switch (role)
    {
    case AC_ROLE_EMAIL_RESPONDER:
      return type != AC_ACTION_TYPE_UNKNOWN && !acts_on_devices (type);
    case AC_ROLE_DEVICE_RESPONDER:
      return acts_on_devices (type);
    case AC_ROLE_ADMIN:
    case AC_ROLE_RESPONDER:
    case AC_ROLE_READER:
    case AC_ROLE_DETECTOR:
    case AC_ROLE_UNKNOWN:
    default:
      return TRUE;
    }
}

/**
 * ac_role_needed_to_decide:
 *
 * Returns: the least role that may decide about actions of @type, as it is spelled on the wire.
 */
const char *
ac_role_needed_to_decide (AcActionType type)
{
  if (type == AC_ACTION_TYPE_UNKNOWN)
    return ac_role_wire (AC_ROLE_RESPONDER);
  return ac_role_wire (acts_on_devices (type) ? AC_ROLE_DEVICE_RESPONDER : AC_ROLE_EMAIL_RESPONDER);
}

/**
 * ac_permission_needed_role:
 *
 * Returns: the least role that has @permission, as it is spelled on the wire.
 */
const char *
ac_permission_needed_role (AcPermission permission)
{
  switch (permission)
    {
    case AC_PERMISSION_READ:
      return ac_role_wire (AC_ROLE_READER);
    case AC_PERMISSION_DECIDE:
      return ac_role_wire (AC_ROLE_RESPONDER);
    case AC_PERMISSION_POST_INVESTIGATIONS:
      return ac_role_wire (AC_ROLE_DETECTOR);
    case AC_PERMISSION_JUDGE:
    case AC_PERMISSION_READ_AUDIT:
    default:
      return ac_role_wire (AC_ROLE_ADMIN);
    }
}

/**
 * ac_permission_name:
 *
 * Returns: how GET /me spells @permission.
 */
const char *
ac_permission_name (AcPermission permission)
{
  switch (permission)
    {
    case AC_PERMISSION_READ:
      return "read";
    case AC_PERMISSION_DECIDE:
      return "decide";
    case AC_PERMISSION_POST_INVESTIGATIONS:
      return "postInvestigations";
    case AC_PERMISSION_JUDGE:
      return "judge";
    case AC_PERMISSION_READ_AUDIT:
    default:
      return "readAudit";
    }
}
