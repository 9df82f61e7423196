/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/ac-log-entry.h"
#include "model/ac-time.h"

struct _AcLogEntry
{
  GObject parent_instance;

  JsonObject *members; /* as they came, checked; never changed */
};

G_DEFINE_FINAL_TYPE (AcLogEntry, ac_log_entry, G_TYPE_OBJECT)

static const AcJsonMember members[] = {
  { "id", AC_JSON_TEXT, TRUE },
  { "actionType", AC_JSON_STRING, FALSE },
  { "action", AC_JSON_TEXT, TRUE },
  { "status", AC_JSON_STRING, FALSE },
  { "deviceName", AC_JSON_STRING, FALSE },
  { "description", AC_JSON_STRING, FALSE },
  { "comments", AC_JSON_STRING, FALSE },
  { "createdAt", AC_JSON_TIME, TRUE },
  { "startedAt", AC_JSON_TIME, FALSE },
  { "durationSeconds", AC_JSON_INTEGER, FALSE },
  { "pendingSeconds", AC_JSON_INTEGER, FALSE },
  { "queuedSeconds", AC_JSON_INTEGER, FALSE },
  { "actionId", AC_JSON_STRING, FALSE },
};

static void
ac_log_entry_finalize (GObject *object)
{
  AcLogEntry *self = AC_LOG_ENTRY (object);

  g_clear_pointer (&self->members, json_object_unref);
  G_OBJECT_CLASS (ac_log_entry_parent_class)->finalize (object);
}

static void
ac_log_entry_class_init (AcLogEntryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ac_log_entry_finalize;
}

static void
ac_log_entry_init (AcLogEntry *self)
{
}

static gboolean
check_durations (JsonObject *object, const char *path, GError **error)
{
  static const char *const durations[] = { "durationSeconds", "pendingSeconds", "queuedSeconds" };

  for (guint i = 0; i < G_N_ELEMENTS (durations); i++)
    if (ac_json_get_integer (object, durations[i], 0) < 0)
      {
        g_set_error (error, AC_MODEL_ERROR, AC_MODEL_ERROR_INVALID_VALUE,
                     "%s%s%s: must not be negative", path != NULL ? path : "",
                     path != NULL ? "." : "", durations[i]);
        return FALSE;
      }
  return TRUE;
}

/**
 * ac_log_entry_new_from_json:
 * @object: must not be changed afterwards
 * @path: (nullable): where @object stands, for messages
 *
 * Returns: (transfer full): the entry, or %NULL with an AC_MODEL_ERROR naming the member.
 */
AcLogEntry *
ac_log_entry_new_from_json (JsonObject *object, AcJsonMode mode, const char *path, GError **error)
{
  AcLogEntry *self;

  g_return_val_if_fail (object != NULL, NULL);

  if (!ac_json_check (object, members, G_N_ELEMENTS (members), mode, path, error) ||
      !check_durations (object, path, error))
    return NULL;
  self = g_object_new (AC_TYPE_LOG_ENTRY, NULL);
  self->members = json_object_ref (object);
  return self;
}

/**
 * ac_log_entry_to_json:
 *
 * Returns: (transfer full): all members, those too that this program does not know.
 */
JsonObject *
ac_log_entry_to_json (AcLogEntry *self)
{
  g_return_val_if_fail (AC_IS_LOG_ENTRY (self), NULL);

  return json_object_ref (self->members);
}

/* Strings are owned by the object; those it does not have are NULL. */
#define STRING_GETTER(name, member)                                                                \
  const char *ac_log_entry_get_##name (AcLogEntry *self)                                           \
  {                                                                                                \
    g_return_val_if_fail (AC_IS_LOG_ENTRY (self), NULL);                                           \
    return ac_json_get_string (self->members, member);                                             \
  }

STRING_GETTER (id, "id")
STRING_GETTER (action_type, "actionType")
STRING_GETTER (action, "action")
STRING_GETTER (status, "status")
STRING_GETTER (device_name, "deviceName")
STRING_GETTER (description, "description")
STRING_GETTER (comments, "comments")
STRING_GETTER (action_id, "actionId")

/**
 * ac_log_entry_get_created_at:
 *
 * Returns: when it was made: microseconds since 1970 in UTC, or AC_TIME_NONE.
 */
gint64
ac_log_entry_get_created_at (AcLogEntry *self)
{
  g_return_val_if_fail (AC_IS_LOG_ENTRY (self), AC_TIME_NONE);

  return ac_json_get_time (self->members, "createdAt");
}

/**
 * ac_log_entry_get_started_at:
 *
 * Returns: when it began: microseconds since 1970 in UTC, or AC_TIME_NONE.
 */
gint64
ac_log_entry_get_started_at (AcLogEntry *self)
{
  g_return_val_if_fail (AC_IS_LOG_ENTRY (self), AC_TIME_NONE);

  return ac_json_get_time (self->members, "startedAt");
}

/**
 * ac_log_entry_get_duration:
 *
 * Returns: how long it worked in seconds, or -1 when it is not known.
 */
gint64
ac_log_entry_get_duration (AcLogEntry *self)
{
  g_return_val_if_fail (AC_IS_LOG_ENTRY (self), -1);

  return ac_json_get_integer (self->members, "durationSeconds", -1);
}

/**
 * ac_log_entry_get_pending_duration:
 *
 * Returns: how long it waited for a person in seconds, or -1 when it is not known.
 */
gint64
ac_log_entry_get_pending_duration (AcLogEntry *self)
{
  g_return_val_if_fail (AC_IS_LOG_ENTRY (self), -1);

  return ac_json_get_integer (self->members, "pendingSeconds", -1);
}

/**
 * ac_log_entry_get_queued_duration:
 *
 * Returns: how long it waited for its turn in seconds, or -1 when it is not known.
 */
gint64
ac_log_entry_get_queued_duration (AcLogEntry *self)
{
  g_return_val_if_fail (AC_IS_LOG_ENTRY (self), -1);

  return ac_json_get_integer (self->members, "queuedSeconds", -1);
}
