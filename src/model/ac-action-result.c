/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/ac-action-result.h"
#include "model/ac-time.h"

struct _AcActionResult
{
  GObject parent_instance;

  char *asset;
  char *outcome; /* raw */
  char *detail;
  gint64 at;
  gboolean undoable;
};

G_DEFINE_FINAL_TYPE (AcActionResult, ac_action_result, G_TYPE_OBJECT)

static const AcJsonMember members[] = {
  { "asset", AC_JSON_TEXT, TRUE },
  { "outcome", AC_JSON_ENUM, TRUE, AC_VOCABULARY_OUTCOME },
  { "detail", AC_JSON_STRING, FALSE },
  { "at", AC_JSON_TIME, FALSE },
  { "undoable", AC_JSON_BOOLEAN, FALSE },
};

static void
ac_action_result_finalize (GObject *object)
{
  AcActionResult *self = AC_ACTION_RESULT (object);

  g_free (self->asset);
  g_free (self->outcome);
  g_free (self->detail);
  G_OBJECT_CLASS (ac_action_result_parent_class)->finalize (object);
}

static void
ac_action_result_class_init (AcActionResultClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ac_action_result_finalize;
}

static void
ac_action_result_init (AcActionResult *self)
{
}

/**
 * ac_action_result_new:
 * @outcome: as it is spelled on the wire
 * @detail: (nullable): in words
 * @at: when it was seen
 *
 * Returns: (transfer full): a new result.
 */
AcActionResult *
ac_action_result_new (const char *asset, const char *outcome, const char *detail, gint64 at)
{
  AcActionResult *self = g_object_new (AC_TYPE_ACTION_RESULT, NULL);

  self->asset = g_strdup (asset);
  self->outcome = g_strdup (outcome);
  self->detail = g_strdup (detail);
  self->at = at;
  return self;
}

/**
 * ac_action_result_new_from_json:
 *
 * Returns: (transfer full): the result, or %NULL with an AC_MODEL_ERROR naming the member.
 */
AcActionResult *
ac_action_result_new_from_json (JsonObject *object,
                                AcJsonMode mode,
                                const char *path,
                                GError **error)
{
  AcActionResult *self;

  if (!ac_json_check (object, members, G_N_ELEMENTS (members), mode, path, error))
    return NULL;
  self = ac_action_result_new (
      ac_json_get_string (object, "asset"), ac_json_get_string (object, "outcome"),
      ac_json_get_string (object, "detail"), ac_json_get_time (object, "at"));
  self->undoable = ac_json_get_boolean (object, "undoable", FALSE);
  return self;
}

JsonObject *
ac_action_result_to_json (AcActionResult *self)
{
  JsonObject *object;

  g_return_val_if_fail (AC_IS_ACTION_RESULT (self), NULL);

  object = json_object_new ();
  ac_json_set_string (object, "asset", self->asset);
  ac_json_set_string (object, "outcome", self->outcome);
  ac_json_set_string (object, "detail", self->detail);
  ac_json_set_time (object, "at", self->at);
  if (self->undoable)
    json_object_set_boolean_member (object, "undoable", TRUE);
  return object;
}

const char *
ac_action_result_get_asset (AcActionResult *self)
{
  g_return_val_if_fail (AC_IS_ACTION_RESULT (self), NULL);

  return self->asset;
}

const char *
ac_action_result_get_outcome (AcActionResult *self)
{
  g_return_val_if_fail (AC_IS_ACTION_RESULT (self), NULL);

  return self->outcome;
}

/**
 * ac_action_result_get_detail:
 *
 * Returns: (nullable): in words, what was seen.
 */
const char *
ac_action_result_get_detail (AcActionResult *self)
{
  g_return_val_if_fail (AC_IS_ACTION_RESULT (self), NULL);

  return self->detail;
}

/**
 * ac_action_result_get_at:
 *
 * Returns: microseconds since 1970 in UTC, or AC_TIME_NONE.
 */
gint64
ac_action_result_get_at (AcActionResult *self)
{
  g_return_val_if_fail (AC_IS_ACTION_RESULT (self), AC_TIME_NONE);

  return self->at;
}

/**
 * ac_action_result_get_undoable:
 *
 * Returns: whether there is something on this asset that an undo for it alone would bring back. A
 * list says so only where there are several such assets.
 */
gboolean
ac_action_result_get_undoable (AcActionResult *self)
{
  g_return_val_if_fail (AC_IS_ACTION_RESULT (self), FALSE);

  return self->undoable;
}
