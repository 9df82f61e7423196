/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/ac-submission.h"
#include "model/ac-time.h"

struct _AcSubmission
{
  GObject parent_instance;

  JsonObject *members; /* as they came, checked; never changed */
  AcEntity *entity;
  gint64 entry_expires_at; /* AC_TIME_NONE: never */
};

G_DEFINE_FINAL_TYPE (AcSubmission, ac_submission, G_TYPE_OBJECT)

static const AcJsonMember request_members[] = {
  { "entity", AC_JSON_OBJECT, TRUE },
  { "mailbox", AC_JSON_TEXT, FALSE },
  { "actionId", AC_JSON_TEXT, FALSE },
  { "assessment", AC_JSON_ENUM, TRUE, AC_VOCABULARY_ASSESSMENT },
  { "category", AC_JSON_ENUM, FALSE, AC_VOCABULARY_THREAT },
  { "comment", AC_JSON_STRING, FALSE },
  { "entry", AC_JSON_ENUM, FALSE, AC_VOCABULARY_LIST_ENTRY },
  { "entryExpiresAt", AC_JSON_TIME, FALSE },
  { "entryNeverExpires", AC_JSON_BOOLEAN, FALSE },
};

static const AcJsonMember members[] = {
  { "id", AC_JSON_TEXT, TRUE },
  { "version", AC_JSON_INTEGER, TRUE },
  { "entity", AC_JSON_OBJECT, TRUE },
  { "mailbox", AC_JSON_STRING, FALSE },
  { "actionId", AC_JSON_STRING, FALSE },
  { "assessment", AC_JSON_ENUM, TRUE, AC_VOCABULARY_ASSESSMENT },
  { "category", AC_JSON_ENUM, FALSE, AC_VOCABULARY_THREAT },
  { "comment", AC_JSON_STRING, FALSE },
  { "entry", AC_JSON_ENUM, FALSE, AC_VOCABULARY_LIST_ENTRY },
  { "entryExpiresAt", AC_JSON_TIME, FALSE },
  { "entryNote", AC_JSON_STRING, FALSE },
  { "blockActionId", AC_JSON_STRING, FALSE },
  { "submittedBy", AC_JSON_STRING, TRUE },
  { "createdAt", AC_JSON_TIME, TRUE },
  { "updatedAt", AC_JSON_TIME, TRUE },
  { "state", AC_JSON_ENUM, TRUE, AC_VOCABULARY_SUBMISSION_STATE },
  { "resultBy", AC_JSON_STRING, FALSE },
  { "resultAt", AC_JSON_TIME, FALSE },
  { "resultComment", AC_JSON_STRING, FALSE },
};

static void
ac_submission_finalize (GObject *object)
{
  AcSubmission *self = AC_SUBMISSION (object);

  g_clear_object (&self->entity);
  g_clear_pointer (&self->members, json_object_unref);
  G_OBJECT_CLASS (ac_submission_parent_class)->finalize (object);
}

static void
ac_submission_class_init (AcSubmissionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ac_submission_finalize;
}

static void
ac_submission_init (AcSubmission *self)
{
}

static gboolean
invalid (GError **error, const char *member, const char *what)
{
  g_set_error (error, AC_MODEL_ERROR, AC_MODEL_ERROR_INVALID_VALUE, "%s: %s", member, what);
  return FALSE;
}

static gboolean
check_category (AcSubmission *self, GError **error)
{
  gboolean is_threat =
      ac_vocabulary_parse (AC_VOCABULARY_ASSESSMENT, ac_submission_get_assessment (self)) ==
      AC_ASSESSMENT_THREAT;
  const char *category = ac_submission_get_category (self);

  if (is_threat && category == NULL)
    return invalid (error, "category", "say which threat it is: phish, malware or spam");
  if (!is_threat && category != NULL)
    return invalid (error, "category", "goes only with the assessment “threat”");
  return TRUE;
}

static gboolean
check_expiry (AcSubmission *self, AcListEntry entry, gint64 now, GError **error)
{
  gboolean never = ac_json_get_boolean (self->members, "entryNeverExpires", FALSE);
  gint64 given = ac_json_get_time (self->members, "entryExpiresAt");
  gint64 most = (entry == AC_LIST_ENTRY_ALLOW ? AC_ALLOW_ENTRY_DAYS : AC_BLOCK_ENTRY_MOST_DAYS) *
                G_TIME_SPAN_DAY;

  if (never && given != AC_TIME_NONE)
    return invalid (error, "entryNeverExpires", "goes only without entryExpiresAt");
  if (never && entry == AC_LIST_ENTRY_ALLOW)
    return invalid (error, "entryNeverExpires", "an entry that allows always ends");
  if (never)
    return TRUE;
  if (given == AC_TIME_NONE)
    /* At midnight, so that the same request sent again on the same day means the same end. */
    given = (now / G_TIME_SPAN_DAY +
             (entry == AC_LIST_ENTRY_ALLOW ? AC_ALLOW_ENTRY_DAYS : AC_BLOCK_ENTRY_DAYS)) *
            G_TIME_SPAN_DAY;
  if (given <= now)
    return invalid (error, "entryExpiresAt", "must be in the future");
  /* A minute to spare, for whoever sends the longest by a clock of their own. */
  if (given > now + most + G_TIME_SPAN_MINUTE)
    return invalid (error, "entryExpiresAt",
                    entry == AC_LIST_ENTRY_ALLOW ? "an entry that allows ends within 30 days"
                                                 : "a block ends within 90 days, or never");
  self->entry_expires_at = given;
  return TRUE;
}

/* An allowance is never made without somebody who says that it is clean. */
static gboolean
check_entry (AcSubmission *self, gint64 now, GError **error)
{
  AcListEntry entry =
      (AcListEntry)ac_vocabulary_parse (AC_VOCABULARY_LIST_ENTRY, ac_submission_get_entry (self));
  AcAssessment assessment = (AcAssessment)ac_vocabulary_parse (AC_VOCABULARY_ASSESSMENT,
                                                               ac_submission_get_assessment (self));

  if (entry == AC_LIST_ENTRY_UNKNOWN)
    {
      if (json_object_has_member (self->members, "entryExpiresAt") ||
          json_object_has_member (self->members, "entryNeverExpires"))
        return invalid (error, "entryExpiresAt", "goes only with entry");
      return TRUE;
    }
  if (ac_entity_type_parse (ac_entity_get_entity_type (self->entity)) != AC_ENTITY_TYPE_URL)
    return invalid (error, "entry", "only a URL can be allowed or blocked");
  if (entry == AC_LIST_ENTRY_ALLOW && assessment != AC_ASSESSMENT_CLEAN)
    return invalid (error, "entry", "only what is reported as clean can be allowed");
  if (entry == AC_LIST_ENTRY_BLOCK && assessment != AC_ASSESSMENT_THREAT)
    return invalid (error, "entry", "only what is reported as a threat can be blocked");
  return check_expiry (self, entry, now, error);
}

static AcSubmission *
submission_new (JsonObject *object,
                const AcJsonMember *known,
                gsize n_known,
                AcJsonMode mode,
                GError **error)
{
  g_autoptr (AcSubmission) self = NULL;

  if (!ac_json_check (object, known, n_known, mode, NULL, error))
    return NULL;
  self = g_object_new (AC_TYPE_SUBMISSION, NULL);
  self->members = json_object_ref (object);
  self->entity =
      ac_entity_new_from_json (ac_json_get_object (object, "entity"), mode, "entity", error);
  if (self->entity == NULL)
    return NULL;
  self->entry_expires_at = ac_json_get_time (object, "entryExpiresAt");
  return g_steal_pointer (&self);
}

/**
 * ac_submission_new_from_request:
 * @object: the body of POST /submissions
 * @now: microseconds since 1970 in UTC
 *
 * Strict: what is not known is refused by name.
 *
 * Returns: (transfer full): without id and result, its entry with an end; or %NULL with an
 * AC_MODEL_ERROR.
 */
AcSubmission *
ac_submission_new_from_request (JsonObject *object, gint64 now, GError **error)
{
  g_autoptr (AcSubmission) self = NULL;

  g_return_val_if_fail (object != NULL, NULL);

  self = submission_new (object, request_members, G_N_ELEMENTS (request_members), AC_JSON_STRICT,
                         error);
  if (self == NULL || !check_category (self, error) || !check_entry (self, now, error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * ac_submission_new_from_json:
 * @object: a submission as the API gives it; must not be changed afterwards
 *
 * Returns: (transfer full): the submission, or %NULL with an AC_MODEL_ERROR.
 */
AcSubmission *
ac_submission_new_from_json (JsonObject *object, GError **error)
{
  g_return_val_if_fail (object != NULL, NULL);

  return submission_new (object, members, G_N_ELEMENTS (members), AC_JSON_LENIENT, error);
}

/**
 * ac_submission_to_json:
 *
 * Returns: (transfer full): all members.
 */
JsonObject *
ac_submission_to_json (AcSubmission *self)
{
  g_return_val_if_fail (AC_IS_SUBMISSION (self), NULL);

  return json_object_ref (self->members);
}

/**
 * ac_submission_get_entity:
 *
 * Returns: (transfer none): what is reported.
 */
AcEntity *
ac_submission_get_entity (AcSubmission *self)
{
  g_return_val_if_fail (AC_IS_SUBMISSION (self), NULL);

  return self->entity;
}

/* Strings are owned by the submission; those it does not have are NULL. */
#define STRING_GETTER(name, member)                                                                \
  const char *ac_submission_get_##name (AcSubmission *self)                                        \
  {                                                                                                \
    g_return_val_if_fail (AC_IS_SUBMISSION (self), NULL);                                          \
    return ac_json_get_string (self->members, member);                                             \
  }

STRING_GETTER (id, "id")
STRING_GETTER (action_id, "actionId")
STRING_GETTER (mailbox, "mailbox")
STRING_GETTER (assessment, "assessment")
STRING_GETTER (category, "category")
STRING_GETTER (comment, "comment")
STRING_GETTER (entry, "entry")
STRING_GETTER (entry_note, "entryNote")
STRING_GETTER (block_action_id, "blockActionId")
STRING_GETTER (submitted_by, "submittedBy")
STRING_GETTER (state, "state")
STRING_GETTER (result_by, "resultBy")
STRING_GETTER (result_comment, "resultComment")

/**
 * ac_submission_get_entry_expires_at:
 *
 * Returns: microseconds since 1970 in UTC, or AC_TIME_NONE: there is no entry, or it never ends.
 */
gint64
ac_submission_get_entry_expires_at (AcSubmission *self)
{
  g_return_val_if_fail (AC_IS_SUBMISSION (self), AC_TIME_NONE);

  return self->entry_expires_at;
}

/**
 * ac_submission_get_created_at:
 *
 * Returns: microseconds since 1970 in UTC, or AC_TIME_NONE.
 */
gint64
ac_submission_get_created_at (AcSubmission *self)
{
  g_return_val_if_fail (AC_IS_SUBMISSION (self), AC_TIME_NONE);

  return ac_json_get_time (self->members, "createdAt");
}

/**
 * ac_submission_get_result_at:
 *
 * Returns: microseconds since 1970 in UTC, or AC_TIME_NONE.
 */
gint64
ac_submission_get_result_at (AcSubmission *self)
{
  g_return_val_if_fail (AC_IS_SUBMISSION (self), AC_TIME_NONE);

  return ac_json_get_time (self->members, "resultAt");
}
