/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/ac-action.h"
#include "model/ac-time.h"

struct _AcAction
{
  GObject parent_instance;

  JsonObject *members; /* all members as they came, checked; never changed */

  /* Read from the members once, for they are asked for in every row drawn. */
  AcEntity *entity;
  GStrv assets;
  AcTargets *targets;  /* nullable */
  GPtrArray *results;  /* of AcActionResult */
  GPtrArray *timeline; /* of AcTimelineEntry */
  AcStatus status;
  gint64 created_at;
  gint64 updated_at;
  gint64 expires_at;
  gint64 decided_at;
};

G_DEFINE_FINAL_TYPE (AcAction, ac_action, G_TYPE_OBJECT)

static const AcJsonMember members[] = {
  { "id", AC_JSON_TEXT, TRUE },
  { "version", AC_JSON_INTEGER, TRUE },
  { "type", AC_JSON_ENUM, TRUE, AC_VOCABULARY_ACTION_TYPE },
  { "status", AC_JSON_ENUM, TRUE, AC_VOCABULARY_STATUS },
  { "verdict", AC_JSON_ENUM, TRUE, AC_VOCABULARY_VERDICT },
  { "source", AC_JSON_ENUM, TRUE, AC_VOCABULARY_SOURCE },
  { "reason", AC_JSON_STRING, FALSE },
  { "proposedBy", AC_JSON_STRING, FALSE },
  { "details", AC_JSON_STRING, FALSE },
  { "investigationId", AC_JSON_STRING, FALSE },
  { "investigationTitle", AC_JSON_STRING, FALSE },
  { "operationId", AC_JSON_STRING, FALSE },
  { "entity", AC_JSON_OBJECT, TRUE },
  { "assets", AC_JSON_STRING_ARRAY, TRUE },
  { "createdAt", AC_JSON_TIME, TRUE },
  { "updatedAt", AC_JSON_TIME, TRUE },
  { "expiresAt", AC_JSON_TIME, FALSE },
  { "decision", AC_JSON_ENUM, FALSE, AC_VOCABULARY_DECISION },
  { "decidedBy", AC_JSON_STRING, FALSE },
  { "decidedAt", AC_JSON_TIME, FALSE },
  { "comment", AC_JSON_STRING, FALSE },
  { "undoable", AC_JSON_BOOLEAN, FALSE },
  { "undoNote", AC_JSON_STRING, FALSE },
  { "targets", AC_JSON_OBJECT, FALSE },
  { "results", AC_JSON_ARRAY, FALSE },
  { "timeline", AC_JSON_ARRAY, FALSE },
};

static void
ac_action_finalize (GObject *object)
{
  AcAction *self = AC_ACTION (object);

  g_clear_object (&self->entity);
  g_clear_pointer (&self->assets, g_strfreev);
  g_clear_pointer (&self->targets, ac_targets_free);
  g_clear_pointer (&self->results, g_ptr_array_unref);
  g_clear_pointer (&self->timeline, g_ptr_array_unref);
  g_clear_pointer (&self->members, json_object_unref);
  G_OBJECT_CLASS (ac_action_parent_class)->finalize (object);
}

static void
ac_action_class_init (AcActionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ac_action_finalize;
}

static void
ac_action_init (AcAction *self)
{
  self->results = g_ptr_array_new_with_free_func (g_object_unref);
  self->timeline = g_ptr_array_new_with_free_func (g_object_unref);
}

static char *
sub_path (const char *path, const char *name)
{
  return path != NULL && *path != '\0' ? g_strconcat (path, ".", name, NULL) : g_strdup (name);
}

static gboolean
read_results (AcAction *self, JsonArray *array, AcJsonMode mode, const char *path, GError **error)
{
  g_autofree char *array_path = sub_path (path, "results");

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      g_autofree char *where = g_strdup_printf ("%s[%u]", array_path, i);
      JsonObject *object = ac_json_element_object (array, i, array_path, error);
      AcActionResult *result;

      if (object == NULL)
        return FALSE;
      result = ac_action_result_new_from_json (object, mode, where, error);
      if (result == NULL)
        return FALSE;
      g_ptr_array_add (self->results, result);
    }
  return TRUE;
}

static gboolean
read_timeline (AcAction *self, JsonArray *array, AcJsonMode mode, const char *path, GError **error)
{
  g_autofree char *array_path = sub_path (path, "timeline");

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      g_autofree char *where = g_strdup_printf ("%s[%u]", array_path, i);
      JsonObject *object = ac_json_element_object (array, i, array_path, error);
      AcTimelineEntry *entry;

      if (object == NULL)
        return FALSE;
      entry = ac_timeline_entry_new_from_json (object, mode, where, error);
      if (entry == NULL)
        return FALSE;
      g_ptr_array_add (self->timeline, entry);
    }
  return TRUE;
}

static gboolean
read_targets (AcAction *self, JsonObject *object, AcJsonMode mode, const char *path, GError **error)
{
  g_autofree char *where = sub_path (path, "targets");

  if (object != NULL)
    self->targets = ac_targets_new_from_json (object, mode, where, error);
  return object == NULL || self->targets != NULL;
}

/**
 * ac_action_new_from_json:
 * @object: an action as the API gives it; must not be changed afterwards
 * @path: (nullable): where @object stands, for messages
 *
 * Returns: (transfer full): the action, or %NULL with an AC_MODEL_ERROR naming the member.
 */
AcAction *
ac_action_new_from_json (JsonObject *object, AcJsonMode mode, const char *path, GError **error)
{
  g_autoptr (AcAction) self = NULL;
  g_autofree char *entity_path = NULL;

  g_return_val_if_fail (object != NULL, NULL);

  if (!ac_json_check (object, members, G_N_ELEMENTS (members), mode, path, error))
    return NULL;

  entity_path = sub_path (path, "entity");
  self = g_object_new (AC_TYPE_ACTION, NULL);
  self->members = json_object_ref (object);
  self->entity =
      ac_entity_new_from_json (ac_json_get_object (object, "entity"), mode, entity_path, error);
  if (self->entity == NULL ||
      !read_targets (self, ac_json_get_object (object, "targets"), mode, path, error) ||
      !read_results (self, ac_json_get_array (object, "results"), mode, path, error) ||
      !read_timeline (self, ac_json_get_array (object, "timeline"), mode, path, error))
    return NULL;
  self->assets = ac_json_get_strings (object, "assets");
  self->status = ac_status_parse (ac_json_get_string (object, "status"));
  self->created_at = ac_json_get_time (object, "createdAt");
  self->updated_at = ac_json_get_time (object, "updatedAt");
  self->expires_at = ac_json_get_time (object, "expiresAt");
  self->decided_at = ac_json_get_time (object, "decidedAt");
  return g_steal_pointer (&self);
}

/**
 * ac_action_to_json:
 *
 * Returns: (transfer full): all members, those too that this program does not know.
 */
JsonObject *
ac_action_to_json (AcAction *self)
{
  g_return_val_if_fail (AC_IS_ACTION (self), NULL);

  return json_object_ref (self->members);
}

/* Strings are owned by the action; those the action does not have are NULL. */
#define STRING_GETTER(name, member)                                                                \
  const char *ac_action_get_##name (AcAction *self)                                                \
  {                                                                                                \
    g_return_val_if_fail (AC_IS_ACTION (self), NULL);                                              \
    return ac_json_get_string (self->members, member);                                             \
  }

STRING_GETTER (id, "id")
STRING_GETTER (action_type, "type")
STRING_GETTER (status, "status")
STRING_GETTER (verdict, "verdict")
STRING_GETTER (source, "source")
STRING_GETTER (reason, "reason")
STRING_GETTER (proposed_by, "proposedBy")
STRING_GETTER (investigation_id, "investigationId")
STRING_GETTER (investigation_title, "investigationTitle")
STRING_GETTER (operation_id, "operationId")
STRING_GETTER (decision, "decision")
STRING_GETTER (decided_by, "decidedBy")
STRING_GETTER (comment, "comment")
STRING_GETTER (undo_note, "undoNote")

/**
 * ac_action_get_version:
 *
 * Returns: a number that grows with each change.
 */
gint64
ac_action_get_version (AcAction *self)
{
  g_return_val_if_fail (AC_IS_ACTION (self), 0);

  return ac_json_get_integer (self->members, "version", 0);
}

/**
 * ac_action_get_status_value:
 *
 * Returns: the status, or AC_STATUS_UNKNOWN for one this program does not know.
 */
AcStatus
ac_action_get_status_value (AcAction *self)
{
  g_return_val_if_fail (AC_IS_ACTION (self), AC_STATUS_UNKNOWN);

  return self->status;
}

/**
 * ac_action_get_details:
 *
 * Returns: one line that tells a person what the action is about.
 */
const char *
ac_action_get_details (AcAction *self)
{
  const char *details;

  g_return_val_if_fail (AC_IS_ACTION (self), NULL);

  details = ac_json_get_string (self->members, "details");
  return details != NULL ? details : ac_entity_get_summary (self->entity);
}

/**
 * ac_action_get_entity:
 *
 * Returns: (transfer none): what the action is about.
 */
AcEntity *
ac_action_get_entity (AcAction *self)
{
  g_return_val_if_fail (AC_IS_ACTION (self), NULL);

  return self->entity;
}

/**
 * ac_action_get_assets:
 *
 * Returns: (transfer none): the mailboxes or devices the action acts on.
 */
const char *const *
ac_action_get_assets (AcAction *self)
{
  g_return_val_if_fail (AC_IS_ACTION (self), NULL);

  return (const char *const *)self->assets;
}

/* Times are microseconds since 1970 in UTC, or AC_TIME_NONE. */
#define TIME_GETTER(name)                                                                          \
  gint64 ac_action_get_##name (AcAction *self)                                                     \
  {                                                                                                \
    g_return_val_if_fail (AC_IS_ACTION (self), AC_TIME_NONE);                                      \
    return self->name;                                                                             \
  }

TIME_GETTER (created_at)
TIME_GETTER (updated_at)
TIME_GETTER (expires_at)
TIME_GETTER (decided_at)

/**
 * ac_action_get_undoable:
 *
 * Returns: whether there is something that undo would bring back; if not, the undo note says why.
 */
gboolean
ac_action_get_undoable (AcAction *self)
{
  g_return_val_if_fail (AC_IS_ACTION (self), FALSE);

  return ac_json_get_boolean (self->members, "undoable", FALSE);
}

/**
 * ac_action_get_undo_state:
 *
 * Returns: (transfer none): how it stands with its undo, as AC_VOCABULARY_UNDO_STATE spells it.
 */
const char *
ac_action_get_undo_state (AcAction *self)
{
  g_return_val_if_fail (AC_IS_ACTION (self), NULL);

  return ac_undo_state_wire (ac_transition_undo_state (ac_action_get_status_value (self),
                                                       ac_action_get_undoable (self)));
}

/**
 * ac_action_get_targets:
 *
 * Returns: (transfer none) (nullable): how many messages it is about, where it is about a cluster.
 */
const AcTargets *
ac_action_get_targets (AcAction *self)
{
  g_return_val_if_fail (AC_IS_ACTION (self), NULL);

  return self->targets;
}

/**
 * ac_action_get_results:
 *
 * Returns: (transfer none) (element-type AcActionResult): what was seen, asset by asset.
 */
GPtrArray *
ac_action_get_results (AcAction *self)
{
  g_return_val_if_fail (AC_IS_ACTION (self), NULL);

  return self->results;
}

/**
 * ac_action_get_timeline:
 *
 * Returns: (transfer none) (element-type AcTimelineEntry): oldest first; empty when the action came
 * from a list.
 */
GPtrArray *
ac_action_get_timeline (AcAction *self)
{
  g_return_val_if_fail (AC_IS_ACTION (self), NULL);

  return self->timeline;
}

/**
 * ac_action_may:
 *
 * Returns: whether @decision is possible now, by the transition table and, for undo, because there
 * is something to bring back. The person's role is another matter: ac_role_may().
 */
gboolean
ac_action_may (AcAction *self, AcDecision decision)
{
  AcEvent event;

  g_return_val_if_fail (AC_IS_ACTION (self), FALSE);

  if (!ac_event_from_decision (decision, &event) || !ac_transition_find (self->status, event, NULL))
    return FALSE;
  return decision != AC_DECISION_UNDO || ac_action_get_undoable (self);
}

/**
 * ac_action_is_undone_for_some:
 *
 * Returns: as ac_transition_is_undone_for_some().
 */
gboolean
ac_action_is_undone_for_some (AcAction *self)
{
  g_return_val_if_fail (AC_IS_ACTION (self), FALSE);

  return ac_transition_is_undone_for_some (ac_action_get_status_value (self),
                                           ac_action_get_decision (self));
}
