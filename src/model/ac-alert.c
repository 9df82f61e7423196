/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/ac-alert.h"
#include "model/ac-time.h"

struct _AcAlert
{
  GObject parent_instance;

  JsonObject *members; /* as they came, checked; never changed */
};

G_DEFINE_FINAL_TYPE (AcAlert, ac_alert, G_TYPE_OBJECT)

static const AcJsonMember members[] = {
  { "id", AC_JSON_TEXT, TRUE },
  { "title", AC_JSON_TEXT, TRUE },
  { "severity", AC_JSON_STRING, FALSE },
  { "category", AC_JSON_STRING, FALSE },
  { "source", AC_JSON_STRING, FALSE },
  { "status", AC_JSON_STRING, FALSE },
  { "description", AC_JSON_STRING, FALSE },
  { "receivedAt", AC_JSON_TIME, FALSE },
};

static void
ac_alert_finalize (GObject *object)
{
  AcAlert *self = AC_ALERT (object);

  g_clear_pointer (&self->members, json_object_unref);
  G_OBJECT_CLASS (ac_alert_parent_class)->finalize (object);
}

static void
ac_alert_class_init (AcAlertClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ac_alert_finalize;
}

static void
ac_alert_init (AcAlert *self)
{
}

/**
 * ac_alert_new_from_json:
 * @object: must not be changed afterwards
 * @path: (nullable): where @object stands, for messages
 *
 * Returns: (transfer full): the alert, or %NULL with an AC_MODEL_ERROR naming the member.
 */
AcAlert *
ac_alert_new_from_json (JsonObject *object, AcJsonMode mode, const char *path, GError **error)
{
  AcAlert *self;

  g_return_val_if_fail (object != NULL, NULL);

  if (!ac_json_check (object, members, G_N_ELEMENTS (members), mode, path, error))
    return NULL;
  self = g_object_new (AC_TYPE_ALERT, NULL);
  self->members = json_object_ref (object);
  return self;
}

/**
 * ac_alert_to_json:
 *
 * Returns: (transfer full): all members, those too that this program does not know.
 */
JsonObject *
ac_alert_to_json (AcAlert *self)
{
  g_return_val_if_fail (AC_IS_ALERT (self), NULL);

  return json_object_ref (self->members);
}

/* Strings are owned by the object; those it does not have are NULL. */
#define STRING_GETTER(name, member)                                                                \
  const char *ac_alert_get_##name (AcAlert *self)                                                  \
  {                                                                                                \
    g_return_val_if_fail (AC_IS_ALERT (self), NULL);                                               \
    return ac_json_get_string (self->members, member);                                             \
  }

STRING_GETTER (id, "id")
STRING_GETTER (title, "title")
STRING_GETTER (severity, "severity")
STRING_GETTER (category, "category")
STRING_GETTER (source, "source")
STRING_GETTER (status, "status")
STRING_GETTER (description, "description")

/**
 * ac_alert_get_received_at:
 *
 * Returns: when it came: microseconds since 1970 in UTC, or AC_TIME_NONE.
 */
gint64
ac_alert_get_received_at (AcAlert *self)
{
  g_return_val_if_fail (AC_IS_ALERT (self), AC_TIME_NONE);

  return ac_json_get_time (self->members, "receivedAt");
}
